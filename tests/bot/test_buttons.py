"""The buttons of a check run: which are shown, and what pressing them does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

import rules
from bot.buttons import ACCEPT, FIX, RERUN, buttons, pressed
from bot.demo.github import git
from bot.slash_commands import AcceptBaseline, Fix, Review, Unknown
from rules.finding import Edit, Finding, Safety
from rules.finding import Fix as Repair
from rules.rule import Confidence, Section, Severity
from tests.bot import commanding
from tests.bot.commanding import PUSHING, STRICT, answers, change, conclusion, content, remembering
from tests.bot.reviewed import SHADOWED, World, shown, world

PLAIN = Finding(
    rule="BA204",
    name="route-shadowed",
    section=Section.API,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    path="app/main.py",
    line=3,
    column=1,
    end_line=3,
    end_column=2,
    message="m",
    fingerprint="f" * 32,
)
EDITS = (Edit("app/main.py", 3, 3, "x\n"),)


def fixable(*, safety: Safety, proved: bool) -> Finding:
    return msgspec.structs.replace(PLAIN, fix=Repair("t", safety, EDITS, proved))


def test_nothing_is_offered_that_would_do_nothing() -> None:
    assert buttons(()) == (RERUN,)
    assert buttons((PLAIN,)) == (RERUN, ACCEPT)
    assert buttons((fixable(safety=Safety.SUGGEST, proved=True),)) == (RERUN, ACCEPT)
    assert buttons((fixable(safety=Safety.SAFE, proved=False),)) == (RERUN, ACCEPT)
    assert buttons((fixable(safety=Safety.SAFE, proved=True),)) == (RERUN, FIX, ACCEPT)


def test_buttons_are_as_long_as_github_takes_them() -> None:
    for button in (RERUN, FIX, ACCEPT):
        assert max(len(button.label), len(button.identifier)) <= 20
        assert len(button.description) <= 40


def test_each_button_is_a_command() -> None:
    found = [pressed(button.identifier) for button in (RERUN, FIX, ACCEPT)]
    assert found == [Review(), Fix(), AcceptBaseline()]
    assert isinstance(pressed("delete-everything"), Unknown)


@pytest.fixture
def place(tmp_path: Path, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path, redis, permissions=PUSHING) as whole:
        made = remembering(whole, tmp_path_factory.getbasetemp())
        made.review()
        yield made


@pytest.fixture
def reading(tmp_path: Path, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path, redis) as whole:
        made = remembering(whole, tmp_path_factory.getbasetemp())
        made.review()
        yield made


@pytest.mark.thorough
def test_the_check_run_shows_them(place: World) -> None:
    assert [action["identifier"] for action in place.check_runs()[-1].actions] == ["review", "accept"]
    change(place, "\n")
    place.review("push")
    assert [action["identifier"] for action in place.check_runs()[-1].actions] == ["review"]


@pytest.mark.thorough
def test_review_again(place: World) -> None:
    commanding.pressed(place, "author", "review")
    assert [run.status for run in place.check_runs()] == ["completed"] * 2
    assert answers(place) == []


@pytest.mark.thorough
@pytest.mark.parametrize("login", ["author", "reader"])
def test_only_who_may_write_may_accept(place: World, login: str) -> None:
    before = place.pull.head_sha
    commanding.pressed(place, login, "accept")
    assert place.pull.head_sha == before
    assert answers(place)[0].startswith("That needs write permission")
    assert len(place.check_runs()) == 1


@pytest.mark.thorough
def test_accepted_findings_pass_and_the_file_is_committed(place: World) -> None:
    commanding.pressed(place, "maintainer", "accept")
    assert len(answers(place)) == 1
    assert answers(place)[0].startswith("1 finding accepted as baseline by maintainer in ")
    listed = json.loads(content(place, rules.BASELINE_PATH))["findings"]
    assert [item["rule"] for item in listed] == ["BA204"]
    assert content(place, STRICT) == f"public: ['/**']\nbaseline: {rules.BASELINE_PATH}\n"
    place.review("push")
    assert conclusion(place) == "success"
    assert "maintainer" in shown(place.check_runs()[-1])


@pytest.mark.thorough
def test_once_merged_the_file_alone_is_enough(place: World) -> None:
    commanding.pressed(place, "maintainer", "accept")
    tip = git.resolve(place.repository.folder, "refs/heads/feature")
    tree = {
        path: content(place, path).encode()
        for path in ("app/main.py", "app/__init__.py", STRICT, rules.BASELINE_PATH)
    }
    found = rules.review_trusted(tree, rules.load_options(tree), cache=rules.NoCache()).findings
    assert tip == place.pull.head_sha
    assert [(each.rule, each.suppressed and each.suppressed.kind) for each in found] == [
        ("BA204", "baseline")
    ]


@pytest.mark.thorough
def test_where_nothing_may_be_committed_it_counts_all_the_same(reading: World) -> None:
    commanding.pressed(reading, "maintainer", "accept")
    assert len(answers(reading)) == 1
    assert rules.BASELINE_PATH in answers(reading)[0]
    assert "```diff" in answers(reading)[0]
    assert conclusion(reading) == "success"
    reading.redis.flushdb()
    change(reading, "\n" + SHADOWED)
    reading.review("push")
    assert conclusion(reading) == "success"


@pytest.mark.thorough
def test_with_nothing_new_there_is_nothing_to_accept(place: World) -> None:
    run = place.check_runs()[-1]
    commanding.said(place, "maintainer", f"/architect ignore {commanding.fingerprint(place)[:8]} fine")
    commanding.pressed(place, "maintainer", "accept", run)
    assert answers(place)[0].startswith("This change introduces nothing")
