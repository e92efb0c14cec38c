from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from rules.cache import FactCache, NoCache
from rules.configuration import Options
from rules.engine import Engine, review_contained, review_here
from rules.finding import Hit
from rules.kept_reviews import code_version, keep, kept, key_of
from rules.verdict import Coverage, Review, RuleCrash
from tests.rules.sources import Sources, calls_of_bad, engine, rule

TREE = {"app/main.py": b"bad()\n", "pyproject.toml": b"[project]\n", "notes.txt": b"anything\n"}


def _engine(folder: Path, check: object = calls_of_bad, version: str = "1") -> Engine:
    made = engine(rule("bad-call", check), cache=FactCache(folder))  # type: ignore[arg-type]
    return Engine(catalog=made.catalog, build=made.build, cache=made.cache, version=version)


def _nothing(_project: Sources) -> Iterator[Hit]:
    yield from ()


def test_the_same_files_are_reviewed_once(tmp_path: Path) -> None:
    first = review_contained(_engine(tmp_path), TREE, Options())
    again = review_contained(_engine(tmp_path, _nothing), TREE, Options())
    here = review_here(_engine(tmp_path, _nothing), {**TREE, "notes.txt": b"not read\n"}, Options())
    assert len(first.findings) == 1
    assert again == first
    assert here == first


def test_other_files_options_and_code_are_reviewed_anew(tmp_path: Path) -> None:
    review_here(_engine(tmp_path), TREE, Options())
    other = _engine(tmp_path, _nothing)
    moved = {"app/core.py": TREE["app/main.py"], "pyproject.toml": TREE["pyproject.toml"]}
    assert review_here(other, {**TREE, "pyproject.toml": b""}, Options()).findings == ()
    assert review_here(other, moved, Options()).findings == ()
    assert review_here(other, TREE, Options(exclude=("x/",))).findings == ()
    assert review_here(_engine(tmp_path, _nothing, version="2"), TREE, Options()).findings == ()
    assert len(review_here(other, TREE, Options()).findings) == 1


def test_without_a_version_nothing_is_kept(tmp_path: Path) -> None:
    review_here(_engine(tmp_path, version=""), TREE, Options())
    assert review_here(_engine(tmp_path, _nothing, version=""), TREE, Options()).findings == ()


def test_a_review_in_which_a_rule_crashed_is_not_kept(tmp_path: Path) -> None:
    def raises(_project: Sources) -> Iterator[Hit]:
        raise ValueError("unlucky")

    crashed = review_here(_engine(tmp_path, raises), TREE, Options())
    assert crashed.coverage.rules_crashed == (RuleCrash("BA199", "ValueError: unlucky"),)
    assert len(review_here(_engine(tmp_path), TREE, Options()).findings) == 1


def test_a_damaged_review_is_a_miss(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    keep(cache, "review-a", Review(coverage=Coverage(routes=3)))
    cache.store({"review-b": msgspec.msgpack.encode(["no", "review"]), "review-c": b"\xc1"})
    assert kept(cache, "review-a") == Review(coverage=Coverage(routes=3))
    assert kept(cache, "review-b") is None
    assert kept(cache, "review-c") is None
    assert kept(NoCache(), "review-a") is None


def test_keys_do_not_depend_on_order() -> None:
    backwards = dict(reversed(TREE.items()))
    assert key_of("1", TREE, Options()) == key_of("1", backwards, Options())
    assert code_version() == code_version()
