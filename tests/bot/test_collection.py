from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

import rules
from bot.healing.collection import DAY_SECONDS, Collector
from bot.ledger import departures
from bot.ledger.names import Scope
from bot.repository.collection import Room, collect
from bot.repository.git import Remote
from bot.repository.mirror import BUSY_SECONDS, locked, opened
from bot.repository.snapshot import Repositories

pytestmark = pytest.mark.thorough

NOWHERE = Remote("file:///dev/null")
PLENTY = Room(most_bytes=10**9, longest_unused=30 * DAY_SECONDS)


def mirror(folder: Path, repository: int, *, size: int = 1_000, days: float = 0) -> None:
    with opened(folder, repository, NOWHERE):
        (folder / f"{repository}.git" / "ballast").write_bytes(b"x" * size)
    used = time.time() - days * DAY_SECONDS
    os.utime(folder / f"{repository}.lock", (used, used))


def mirrors(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_what_was_not_used_for_long_goes(tmp_path: Path) -> None:
    mirror(tmp_path, 1, days=31)
    mirror(tmp_path, 2, days=29)
    assert collect(tmp_path, PLENTY, ()) == (1,)
    assert mirrors(tmp_path) == ["2.git", "2.lock"]


def test_what_is_too_much_goes_the_least_recently_used_first(tmp_path: Path) -> None:
    for repository, days in ((1, 1.0), (2, 3.0), (3, 2.0)):
        mirror(tmp_path, repository, size=100_000, days=days)
    room = Room(most_bytes=150_000, longest_unused=30 * DAY_SECONDS)
    assert collect(tmp_path, room, ()) == (2, 3)
    assert mirrors(tmp_path) == ["1.git", "1.lock"]


def test_what_is_out_of_reach_goes(tmp_path: Path) -> None:
    mirror(tmp_path, 1)
    mirror(tmp_path, 2)
    assert collect(tmp_path, PLENTY, {2, 77}) == (2,)
    assert mirrors(tmp_path) == ["1.git", "1.lock"]


def test_a_mirror_in_use_stays(tmp_path: Path) -> None:
    mirror(tmp_path, 1)
    with opened(tmp_path, 1, NOWHERE):
        assert collect(tmp_path, PLENTY, {1}) == ()
        assert mirrors(tmp_path) == ["1.git", "1.lock"]
    assert collect(tmp_path, PLENTY, {1}) == (1,)
    assert mirrors(tmp_path) == []


def test_looking_does_not_count_as_use(tmp_path: Path) -> None:
    mirror(tmp_path, 1, days=20)
    before = (tmp_path / "1.lock").stat().st_mtime
    collect(tmp_path, PLENTY, ())
    assert (tmp_path / "1.lock").stat().st_mtime == before
    with opened(tmp_path, 1, NOWHERE):
        assert time.time() - (tmp_path / "1.lock").stat().st_mtime < 60


def test_half_a_deleted_mirror_is_not_taken_for_one(tmp_path: Path) -> None:
    doomed = tmp_path / "1.0123.doomed"
    doomed.mkdir()
    (doomed / "config").write_text("")
    assert collect(tmp_path, PLENTY, ()) == ()
    assert mirrors(tmp_path) == []


def test_a_folder_that_is_not_there_has_nothing_to_collect(tmp_path: Path) -> None:
    assert collect(tmp_path / "none", PLENTY, {1}) == ()


def test_who_waited_while_the_mirror_was_deleted_gets_a_new_one_alone(tmp_path: Path) -> None:
    lock = tmp_path / "1.lock"
    inside: list[str] = []

    def wait() -> None:
        with locked(lock, seconds=60):
            inside.append("waited")
            with pytest.raises(BlockingIOError), locked(lock, seconds=0):
                inside.append("never")

    with locked(lock, seconds=0):
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.2)
        lock.unlink()
    waiting.join(60)
    assert inside == ["waited"]


@pytest.mark.thorough
def test_a_mirror_that_somebody_keeps_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    mirror(tmp_path, 1)
    with locked(tmp_path / "1.lock", seconds=0):
        started = time.monotonic()
        with opened(tmp_path, 1, NOWHERE) as spare:
            assert time.monotonic() - started >= BUSY_SECONDS
            assert spare.git.directory.name == "1-1.git"
    with opened(tmp_path, 1, NOWHERE) as first:
        assert first.git.directory.name == "1.git"
    assert sorted(collect(tmp_path, PLENTY, {1})) == [1, 1]
    assert mirrors(tmp_path) == []


def test_deleting_while_others_work_harms_nobody(tmp_path: Path) -> None:
    stopping = threading.Event()
    failures: list[Exception] = []

    def work() -> None:
        while not stopping.is_set():
            try:
                with opened(tmp_path, 1, NOWHERE) as mirror:
                    assert mirror.git.run("rev-parse", "--is-bare-repository") == b"true\n"
            except Exception as error:  # noqa: BLE001 - shown by the test
                failures.append(error)
            time.sleep(0.01)  # a lock that is freed and taken at once is never anybody else's

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    end = time.monotonic() + 60
    deleted = 0
    while deleted < 2 and time.monotonic() < end:
        deleted += len(collect(tmp_path, PLENTY, {1}))
    stopping.set()
    for worker in workers:
        worker.join(60)
    assert (deleted, failures) == (2, [])


def test_the_collector_of_a_host_deletes_what_departed(tmp_path: Path, redis: Redis, scope: Scope) -> None:
    mirror(tmp_path, 1)
    mirror(tmp_path, 2)
    facts = rules.FactCache(tmp_path / "facts")
    facts.store({"old": b"fact"})
    collector = Collector(
        redis=redis,
        scope=scope,
        repositories=Repositories(tmp_path),
        facts=facts,
        room=PLENTY,
        days=30,
        pause=3_600,
    )
    departures.mark_departed(redis, scope, [2])
    collector()
    assert not (tmp_path / "2.git").exists()
    departures.mark_departed(redis, scope, [1])
    collector()
    assert (tmp_path / "1.git").exists()
    assert facts.load(["old"]) == {"old": b"fact"}


def test_a_collector_without_redis_leaves_everything(tmp_path: Path, scope: Scope) -> None:
    mirror(tmp_path, 1)
    at_once = Retry(NoBackoff(), 0)
    with Redis(unix_socket_path=str(tmp_path / "none"), decode_responses=True, retry=at_once) as nowhere:
        Collector(
            redis=nowhere,
            scope=scope,
            repositories=Repositories(tmp_path),
            facts=rules.FactCache(tmp_path / "facts"),
            room=PLENTY,
            days=30,
            pause=0,
        )()
    assert (tmp_path / "1.git").exists()


def test_facts_that_were_not_used_for_long_go(tmp_path: Path) -> None:
    facts = rules.FactCache(tmp_path)
    facts.store({"one": b"1"})
    facts.expire(1)
    assert facts.load(["one"]) == {"one": b"1"}
    facts.expire(-1)
    assert facts.load(["one"]) == {}
