from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot import jobs
from bot.demo.github.conversation import Thread
from bot.demo.github.faults import Fault
from bot.demo.github.local import PERMISSIONS
from bot.ledger import intake
from tests.bot.reviewed import MAIN, SHADOWED, World, world

AGAIN = jobs.Policy(lease_seconds=30, retry_seconds=(0.01, 0.01))
RESOLVING = {**PERMISSIONS, "contents": "write"}
FAULTY: dict[str, str | bytes | None] = {"app/main.py": MAIN + SHADOWED}
MENDED: dict[str, str | bytes | None] = {"app/main.py": MAIN}


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis, permissions=RESOLVING) as made:
        yield made


@pytest.fixture
def limited(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def pushed(place: World, files: dict[str, str | bytes | None], attempt: str) -> str:
    sha = place.push(files)
    place.review(attempt)
    return sha


def thread(place: World) -> Thread:
    (only,) = place.github.threads(place.pull)
    assert len(only.comments) == 1
    return only


def summary(place: World) -> str:
    return place.check_runs()[-1].summary or ""


def test_a_fixed_finding_resolves_its_thread_and_its_return_reopens_it(place: World) -> None:
    place.review()
    sha = pushed(place, MENDED, "two")
    assert thread(place).resolved_by is place.app.bot
    assert f"/commit/{sha}" in thread(place).comments[0].body
    assert thread(place).comments[0].minimized_reason is None
    sha = pushed(place, FAULTY, "three")
    assert thread(place).resolved_by is None
    assert "**Back in**" in thread(place).comments[0].body
    assert "contents: write" not in summary(place)


def test_without_the_permission_the_thread_is_folded_and_the_summary_says_why(limited: World) -> None:
    limited.review()
    assert "contents: write" not in summary(limited)
    pushed(limited, MENDED, "two")
    held = thread(limited)
    assert (held.resolved_by, held.comments[0].minimized_reason) == (None, "resolved")
    assert "**Fixed in**" in held.comments[0].body
    assert "contents: write" in summary(limited)
    pushed(limited, FAULTY, "three")
    held = thread(limited)
    assert (held.resolved_by, held.comments[0].minimized_reason) == (None, None)
    assert "**Back in**" in held.comments[0].body


def test_what_was_folded_is_resolved_once_the_permission_is_there(limited: World) -> None:
    limited.review()
    pushed(limited, MENDED, "two")
    limited.app.permissions["contents"] = "write"
    limited.push({"README.md": "more"})
    limited.review("three")
    assert thread(limited).resolved_by is limited.app.bot
    assert "contents: write" not in summary(limited)


def test_a_person_who_resolves_a_thread_is_not_contradicted(place: World) -> None:
    place.review()
    mira = place.github.person("mira")
    mira.resolve(thread(place))
    body = thread(place).comments[0].body
    for attempt, files in (("two", MENDED), ("three", FAULTY)):
        pushed(place, files, attempt)
        assert thread(place).resolved_by is mira.user
        assert thread(place).comments[0].body == body


def test_a_second_try_finds_nothing_left_to_do(place: World) -> None:
    place.review()
    pushed(place, MENDED, "two")
    before = len(place.github.log.entries())
    body = thread(place).comments[0].body
    place.review("two-again", fresh=True)
    later = place.github.log.entries()[before:]
    assert [entry for entry in later if entry.method == "PATCH" and "/pulls/comments/" in entry.path] == []
    assert thread(place).comments[0].body == body


def test_the_check_run_does_not_wait_for_threads_that_cannot_be_read(place: World) -> None:
    place.review()
    place.push(MENDED)
    place.github.faults.next("POST", "/graphql$", Fault.SERVER_ERROR, 3)
    place.review("two")
    assert place.check_runs()[-1].conclusion == "success"
    assert thread(place).resolved_by is None
    place.review("two-again")
    assert len(place.check_runs()) == 1
    assert thread(place).resolved_by is place.app.bot


@pytest.mark.thorough
@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DROP_BEFORE, Fault.DROP_AFTER])
@pytest.mark.parametrize(("method", "path"), [("POST", "/graphql$"), ("PATCH", "/pulls/comments/")])
def test_whatever_fails_the_thread_is_closed_in_the_end(
    place: World, method: str, path: str, fault: Fault
) -> None:
    place.review()
    place.push(MENDED)
    place.github.faults.next(method, path, fault, 2)
    intake.want(place.redis, place.request("two"))
    for _ in range(3):
        place.drain(AGAIN)
    assert thread(place).resolved_by is place.app.bot
    assert thread(place).comments[0].body.count("**Fixed in**") == 1
