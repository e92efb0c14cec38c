from __future__ import annotations

import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest

from rules.cache import FactCache, NoCache, default_folder


def test_entries_come_back_and_unknown_keys_do_not(tmp_path: Path) -> None:
    FactCache(tmp_path).store({"a": b"one", "b": b"\x00two"})
    assert FactCache(tmp_path).load(["a", "b", "c"]) == {"a": b"one", "b": b"\x00two"}


def test_more_keys_than_one_query_takes(tmp_path: Path) -> None:
    entries = {f"key{n}": str(n).encode() for n in range(1_700)}
    cache = FactCache(tmp_path)
    cache.store(entries)
    assert cache.load(list(entries)) == entries


def test_the_size_is_bounded_and_the_least_recently_used_goes(tmp_path: Path) -> None:
    cache = FactCache(tmp_path, maximum_bytes=2_500)
    cache.store({"old": b"o" * 1000, "used": b"u" * 1000})
    with sqlite3.connect(tmp_path / "facts.sqlite") as connection:
        connection.execute("UPDATE entry SET used = used - 10")
    connection.close()
    assert cache.load(["used"]) == {"used": b"u" * 1000}
    cache.store({"new": b"n" * 1000})
    assert set(cache.load(["old", "used", "new"])) == {"used", "new"}


def test_a_damaged_entry_is_a_miss(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    cache.store({"a": b"one", "b": b"two", "c": b"three"})
    with sqlite3.connect(tmp_path / "facts.sqlite") as connection:
        connection.execute("UPDATE entry SET data = X'FF' WHERE data = CAST('one' AS BLOB)")
        connection.execute("UPDATE entry SET data = 'text' WHERE data = CAST('two' AS BLOB)")
    connection.close()
    assert cache.load(["a", "b", "c"]) == {"c": b"three"}


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    (tmp_path / "facts.sqlite").write_bytes(b"this is no database at all" * 500)
    assert cache.load(["a"]) == {}
    cache.store({"a": b"one"})
    cache.store({"a": b"one"})
    assert cache.load(["a"]) == {"a": b"one"}


def test_a_folder_that_cannot_be_made_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = FactCache(tmp_path / "file" / "below")
    cache.store({"a": b"one"})
    assert cache.load(["a"]) == {}


def _write(folder: Path, writer: int) -> None:
    cache = FactCache(folder)
    for turn in range(20):
        cache.store({f"{writer}-{turn}": b"x" * 2_000, "shared": b"y" * 2_000})


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path, writer)) for writer in range(3)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(60)
    keys = [f"{writer}-{turn}" for writer in range(3) for turn in range(20)]
    assert [process.exitcode for process in writers] == [0, 0, 0]
    assert FactCache(tmp_path).load([*keys, "shared"]) == {
        **dict.fromkeys(keys, b"x" * 2_000),
        "shared": b"y" * 2_000,
    }


def test_700_entries_load_within_60_ms_of_cpu(tmp_path: Path) -> None:
    entries = {f"{n:032x}": b"z" * 4_000 for n in range(700)}
    cache = FactCache(tmp_path)
    cache.store(entries)
    times = []
    for _ in range(3):
        began = time.process_time()
        assert len(cache.load(list(entries))) == 700
        times.append(time.process_time() - began)
    assert min(times) <= 0.06


def test_the_default_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "backend-architect"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert default_folder() == tmp_path / "home" / ".cache" / "backend-architect"


def test_no_cache_keeps_nothing() -> None:
    NoCache().store({"a": b"one"})
    assert NoCache().load(["a"]) == {}
