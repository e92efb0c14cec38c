from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from bot.attempt import begin
from bot.demo.github.exchange import Exchange
from bot.demo.github.faults import Fault
from bot.errors import LeaseLost, Superseded
from bot.github.checks import check_run, create_check_run
from bot.github.pulls import pull_request
from bot.ledger import intake, names, tasks
from bot.ledger.fence import Fence
from bot.open_runs import OpenRuns
from tests.bot.reviewed import MAIN, World, ended, fence, held_lease, shown, world, writes

pytestmark = pytest.mark.thorough


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def test_another_delivery_for_the_same_commit_makes_no_second_run(place: World) -> None:
    place.review("delivery-1")
    place.review("delivery-2")
    assert len(place.check_runs()) == 1


def test_a_rerun_makes_a_new_run_and_no_new_comments(place: World) -> None:
    place.review()
    place.review("rerun", fresh=True)
    assert ended(place) == [("completed", "failure"), ("completed", "failure")]
    assert len(place.github.review_comments(place.pull)) == 1


def test_when_every_try_fails_the_check_run_says_so(place: World) -> None:
    place.github.faults.next("*", r"\.git/", Fault.SERVER_ERROR, 99)
    place.review()
    assert ended(place) == [("completed", "timed_out")]
    assert "The review could not be finished" in shown(place.check_runs()[0])
    place.github.faults.clear()
    place.review("delivery-2")
    assert ended(place) == [("completed", "timed_out"), ("completed", "failure")]


def test_giving_up_before_there_was_a_run_makes_one_that_says_so(place: World) -> None:
    place.reviewer.give_up(place.request(), fence(place), "GitFailed <b>")
    assert ended(place) == [("completed", "timed_out")]
    assert "GitFailed &lt;b&gt;" in shown(place.check_runs()[0])


def test_a_run_that_a_killed_worker_left_on_an_older_commit_is_cancelled(place: World) -> None:
    token = fence(place)
    with place.connection() as connection:
        left = begin(
            connection,
            place.request(),
            pull_request(connection, place.pull.number),
            OpenRuns(token.redis, token.item),
        )
        place.push({"app/main.py": MAIN})
        place.reviewer.review(place.request("delivery-2"), token)
        assert check_run(connection, left.run.id).conclusion == "cancelled"
    assert ended(place) == [("completed", "success")]
    assert OpenRuns(token.redis, token.item).commits() == frozenset()


def test_a_run_left_on_the_same_commit_is_taken_up_again(place: World) -> None:
    token = fence(place)
    with place.connection() as connection:
        pull = pull_request(connection, place.pull.number)
        left = begin(connection, place.request(), pull, OpenRuns(token.redis, token.item))
        place.reviewer.review(place.request(), token)
    assert [run.id for run in place.check_runs()] == [left.run.id]
    assert ended(place) == [("completed", "failure")]


def test_a_newer_push_cancels_the_running_review(tmp_path: Path, redis: Redis) -> None:
    made: list[World] = []

    def push_when_started(seen: Exchange) -> None:
        if (
            seen.method == "PATCH"
            and b'"in_progress"' in seen.request_body
            and b"output" not in seen.request_body
        ):
            intake.want(redis, msgspec.structs.replace(made[0].request("delivery-2"), fresh=True))

    with world(tmp_path, redis, observe=push_when_started) as place:
        made.append(place)
        intake.want(redis, place.request())
        lease = held_lease(redis, place.key)
        task = tasks.next_task(lease)
        assert task is not None
        with pytest.raises(Superseded):
            place.reviewer.review(place.request(), tasks.fence(lease, task))
        assert ended(place) == [("completed", "cancelled")]
        assert "Superseded" in shown(place.check_runs()[0])
        assert place.github.reviews(place.pull) == []


def test_a_completed_run_is_not_touched_when_something_newer_comes(tmp_path: Path, redis: Redis) -> None:
    made: list[World] = []

    def ask_when_completed(seen: Exchange) -> None:
        if seen.method == "PATCH" and b'"completed"' in seen.request_body:
            intake.want(redis, made[0].request("delivery-2", fresh=True))

    with world(tmp_path, redis, observe=ask_when_completed) as place:
        made.append(place)
        intake.want(redis, place.request())
        lease = held_lease(redis, place.key)
        task = tasks.next_task(lease)
        assert task is not None
        with pytest.raises(Superseded):
            place.reviewer.review(place.request(), tasks.fence(lease, task))
        assert ended(place) == [("completed", "failure")]
        assert place.github.reviews(place.pull) == []


def test_who_lost_the_lease_writes_nothing(place: World) -> None:
    stale = Fence(redis=place.redis, item=names.item_of(place.key), token="0:stale")
    with pytest.raises(LeaseLost):
        place.reviewer.review(place.request(), stale)
    assert writes(place) == []


def test_closing_ends_what_was_left_in_progress(place: World) -> None:
    token = fence(place)
    with place.connection() as connection:
        pull = pull_request(connection, place.pull.number)
        begin(connection, place.request(), pull, OpenRuns(token.redis, token.item))
    place.github.person("author").close(place.pull)
    place.reviewer.review(place.request("closed", fresh=True), token)
    assert ended(place) == [("completed", "cancelled")]


def test_runs_of_other_pull_requests_on_the_same_commit_are_not_ours(place: World) -> None:
    with place.connection() as connection:
        foreign = create_check_run(connection, place.pull.head_sha, "ba1:1:999:abc:guid")
    place.review()
    assert [(run.id == foreign.id, run.status) for run in place.check_runs()] == [
        (True, "queued"),
        (False, "completed"),
    ]
