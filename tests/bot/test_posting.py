from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot import jobs
from bot.attempt import begin
from bot.demo.github.faults import Fault
from bot.github.pulls import pull_request
from bot.ledger import intake
from bot.open_runs import OpenRuns
from bot.posting import carry_out
from bot.posts import DraftComment, DraftReview, FileComment, Output, PostPlan
from bot.render.markers import marked
from bot.review import Outcome
from tests.bot.reviewed import World, ended, fence, world, writes

AGAIN = jobs.Policy(lease_seconds=30, retry_seconds=(0.01, 0.01))


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def test_a_job_that_runs_twice_posts_nothing_twice(place: World) -> None:
    place.review()
    before = writes(place)
    assert place.reviewer.review(place.request(), fence(place)) is Outcome.REVIEWED
    assert writes(place) == before
    assert len(place.github.review_comments(place.pull)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("method", "path", "fault"),
    [
        *itertools.product(
            ["POST"],
            ["/access_tokens", "/check-runs", "/reviews"],
            [Fault.SERVER_ERROR, Fault.DROP_BEFORE, Fault.DROP_AFTER],
        ),
        ("PATCH", "/check-runs/", Fault.SERVER_ERROR),
        ("PATCH", "/check-runs/", Fault.DROP_AFTER),
        ("GET", "/pulls/", Fault.SERVER_ERROR),
        ("GET", "/check-runs", Fault.DROP_BEFORE),
        ("GET", "/reviews", Fault.SERVER_ERROR),
        ("GET", r"\.git/", Fault.DROP_BEFORE),
    ],
)
def test_whatever_fails_the_next_try_ends_with_one_of_each(
    place: World, method: str, path: str, fault: Fault
) -> None:
    place.github.faults.next(method, path, fault, 3)
    intake.want(place.redis, place.request())
    for _ in range(3):
        place.drain(AGAIN)
    assert ended(place) == [("completed", "failure")]
    assert len(place.check_runs()[0].annotations) == 1
    assert len(place.github.review_comments(place.pull)) == 1
    assert len(place.github.reviews(place.pull)) == 1


def test_one_bad_anchor_costs_only_its_own_comment(place: World) -> None:
    good = DraftComment(path="app/main.py", body="good", line=11, side="RIGHT")
    bad = DraftComment(path="app/main.py", body="bad", line=900, side="RIGHT")
    with place.connection() as connection:
        pull = pull_request(connection, place.pull.number)
        token = fence(place)
        attempt = begin(connection, place.request(), pull, OpenRuns(token.redis, token.item))
        review = DraftReview(commit=pull.head.sha, body="b", marker="b", comments=(good, bad))
        plan = PostPlan(output=Output("t", "s"), conclusion="failure", complete=True, review=review)
        carry_out(connection, attempt, pull, plan)
    assert [held.body for held in place.github.review_comments(place.pull)] == ["good"]
    assert len(place.github.reviews(place.pull)) == 1


def test_comments_carry_the_mark_of_their_finding(place: World) -> None:
    place.review()
    body = place.github.review_comments(place.pull)[0].body
    assert len(marked(body, "finding")) == 1


PACKAGE = "from fastapi import FastAPI\n\nfrom app import first, second\n\napp = FastAPI()\n"
ROUTER = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/items/{path}")
def read() -> int:
    return 0
"""


def swapped(place: World) -> World:
    """A change of the order of inclusion alone: what it breaks stands in a file that it does not touch."""
    paths = {"app/first.py": "{item}", "app/second.py": "latest"}
    routers = {path: ROUTER.replace("{path}", name) for path, name in paths.items()}
    included = [f"app.include_router({name}.router)\n" for name in ("second", "first")]
    before, after = ["".join(order) for order in (included, reversed(included))]
    github, repository = place.github, place.repository
    github.push(repository, "main", {**routers, "app/main.py": PACKAGE + before}, "two routers")
    github.push(repository, "swap", {"app/main.py": PACKAGE + after}, "swap them")
    return dataclasses.replace(place, pull=github.open_pull_request(repository, "swap", title="Swap"))


def test_what_a_change_causes_elsewhere_stands_once_at_the_file_that_causes_it(place: World) -> None:
    place = swapped(place)
    place.review()
    (comment,) = place.github.review_comments(place.pull)
    assert (comment.thread.original.path, comment.thread.original.subject_type) == ("app/main.py", "file")
    assert "touch: [`app/second.py:6`]" in comment.body
    place.github.push(place.repository, "swap", {"README.md": "# More\n"}, "more")
    place.review("delivery-2")
    assert len(place.github.review_comments(place.pull)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DROP_BEFORE, Fault.DROP_AFTER])
def test_a_comment_at_a_file_is_posted_once_whatever_fails(place: World, fault: Fault) -> None:
    place = swapped(place)
    place.github.faults.next("POST", r"/pulls/\d+/comments", fault, 2)
    intake.want(place.redis, place.request())
    for _ in range(3):
        place.drain(AGAIN)
    assert ended(place) == [("completed", "failure")]
    assert len(place.github.review_comments(place.pull)) == 1


def test_a_host_that_knows_no_comments_at_files_is_put_up_with(place: World) -> None:
    remark = FileComment(commit="0" * 40, path="app/main.py", body="text\n\nmark", marker="mark")
    with place.connection() as connection:
        pull = pull_request(connection, place.pull.number)
        token = fence(place)
        attempt = begin(connection, place.request(), pull, OpenRuns(token.redis, token.item))
        plan = PostPlan(output=Output("t", "s"), conclusion="failure", complete=True, file_comments=(remark,))
        carry_out(connection, attempt, pull, plan)
    assert ended(place) == [("completed", "failure")]
    assert place.github.review_comments(place.pull) == []
