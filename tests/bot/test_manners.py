"""How the connection behaves towards GitHub: pauses kept by all, answers asked for by their ETag, no blind
repetition."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.demo.github.accounts import Installation
from bot.demo.github.exchange import Exchange
from bot.demo.github.faults import Fault
from bot.demo.github.repository import Repository
from bot.errors import LeaseLost, Postponed
from bot.github.app import GitHubApp
from bot.github.checks import annotate, create_check_run, shown_annotations
from bot.github.comments import answer, react
from bot.github.connection import Connection
from bot.github.gate import Account
from bot.github.pulls import pull_request
from bot.github.refusal import GitHubUnavailable
from bot.github.reviews import create_review, reviews
from bot.ledger import names
from bot.ledger.answers import LARGEST_ANSWER, MOST_ANSWERS, Answers
from bot.ledger.budget import Budget, Limits
from bot.ledger.names import Scope
from bot.ledger.sealed import Sealed, key_from
from bot.posts import Annotation, DraftComment, DraftReview, Output
from tests.bot.reviewed import World, world

LIMITS = Limits(comments_per_second=100, checks_per_second=100)
OUTPUT = Output("t", "s")
BATCH = tuple(
    Annotation(
        path="app/main.py", start_line=line, end_line=line, annotation_level="notice", title="t", message="m"
    )
    for line in (1, 2)
)


@pytest.fixture
def seen() -> list[Exchange]:
    return []


@pytest.fixture
def place(tmp_path: Path, redis: Redis, seen: list[Exchange]) -> Iterator[World]:
    with world(tmp_path, redis, observe=seen.append) as made:
        yield made


def connect(
    place: World,
    installation: Installation | None = None,
    repository: Repository | None = None,
    *,
    seconds: float = 10,
) -> Connection:
    """A connection of one more worker."""
    installation, repository = installation or place.installation, repository or place.repository
    prefix = Scope(place.key.host, place.key.app).place(installation.id)
    budget = Budget(redis=place.redis, place=prefix, holder="test", limits=LIMITS)
    identity = GitHubApp(
        api_url=place.github.api_url,
        app_id=str(place.app.id),
        private_key=place.app.private_key,
        seconds=seconds,
        shared=Sealed(redis=place.redis, key=key_from(place.app.private_key)),
    )
    return Connection(
        identity,
        installation=installation.id,
        repository=repository.id,
        full_name=repository.full_name,
        guard=lambda: None,
        account=Account(budget, Answers(redis=place.redis, place=prefix)),
    )


LIMITED = [Fault.RETRY_AFTER, Fault.RETRY_DATE, Fault.SECONDARY, Fault.TOO_MANY, Fault.ABUSE]


@pytest.mark.parametrize("fault", LIMITED)
def test_a_limit_holds_for_every_worker_of_the_installation_and_for_no_other(
    place: World, fault: Fault
) -> None:
    place.github.faults.next("POST", "/comments$", fault, seconds=40)
    with connect(place) as connection, pytest.raises(Postponed) as asked:
        answer(connection, 1, "text", "text")
    assert 35 <= asked.value.seconds <= 60
    before = len(place.github.log.entries())
    with connect(place) as other, pytest.raises(Postponed) as told:
        pull_request(other, 1)
    assert 30 <= told.value.seconds <= asked.value.seconds
    assert len(place.github.log.entries()) == before
    repository = place.github.create_repository("globex/shop")
    place.github.push(repository, "main", {"a.py": ""}, "start")
    place.github.push(repository, "feature", {"a.py": "1\n"}, "more")
    place.github.open_pull_request(repository, "feature", title="More")
    elsewhere = place.github.install(place.app, repository)
    with connect(place, elsewhere, repository) as free:
        assert pull_request(free, 1).number == 1


def test_the_last_request_of_the_hour_is_the_last_until_the_reset(place: World) -> None:
    place.github.faults.next("GET", "/pulls/1$", Fault.SPENT, seconds=40)
    with connect(place) as connection:
        assert pull_request(connection, 1).number == 1
    before = len(place.github.log.entries())
    with connect(place) as other, pytest.raises(Postponed) as told:
        pull_request(other, 1)
    assert 30 <= told.value.seconds <= 40
    assert len(place.github.log.entries()) == before
    assert place.github.rates.early == []


def test_a_limit_on_tokens_is_the_installations_too(place: World) -> None:
    place.github.faults.next("POST", "/access_tokens$", Fault.RETRY_AFTER, seconds=40)
    for _ in range(2):
        with connect(place) as connection, pytest.raises(Postponed):
            connection.token({"contents": "read"})
    assert len(place.github.log.entries("POST", "/access_tokens")) == 1


def test_a_limit_on_git_is_a_pause_and_no_failed_try(place: World) -> None:
    place.github.faults.next("GET", r"\.git/info/refs", Fault.TOO_MANY, seconds=40)
    place.review()
    due = place.redis.zscore(names.scope_of(place.key).work, names.item_of(place.key))
    assert due is not None
    assert 40 < float(str(due)) / 1_000 - time.time() <= 61
    assert place.check_runs()[0].status == "in_progress"
    place.redis.delete(names.scope_of(place.key).place(place.installation.id) + "pause")
    place.drain()
    assert place.check_runs()[0].status == "completed"


def test_a_connection_that_was_open_before_the_limit_keeps_it_too(place: World) -> None:
    with connect(place) as held, connect(place) as limited:
        pull_request(held, 1)
        place.github.faults.next("POST", "/comments$", Fault.RETRY_AFTER, seconds=40)
        with pytest.raises(Postponed):
            answer(limited, 1, "text", "text")
        before = len(place.github.log.entries())
        for request in (lambda: pull_request(held, 1), lambda: create_check_run(held, "a" * 40, "key")):
            with pytest.raises(Postponed):
                request()
        assert len(place.github.log.entries()) == before


def test_the_fence_is_asked_after_the_wait_for_room(place: World) -> None:
    order: list[str] = []

    class Waiting(Budget):
        def enter(self, lane: object, *, briefly: bool = False) -> None:
            del briefly
            order.append(str(lane))

    def lost() -> None:
        order.append("fence")
        raise LeaseLost("item")

    with connect(place) as connection:
        pull_request(connection, 1)
        gate = Waiting(redis=place.redis, place="x", holder="x")
        guarded = Connection(
            connection.app,
            installation=place.installation.id,
            repository=place.repository.id,
            full_name=place.repository.full_name,
            guard=lost,
            account=Account(gate),
        )
        with guarded, pytest.raises(LeaseLost):
            react(guarded, "issue", 1, "eyes")
    assert order[-2:] == ["comments", "fence"]


def test_what_did_not_change_is_not_sent_again(place: World, seen: list[Exchange]) -> None:
    path = f"/repos/acme/shop/pulls/{place.pull.number}"
    for _ in range(2):
        with connect(place) as connection:
            assert pull_request(connection, place.pull.number).head.sha == place.pull.head_sha
    place.push({"more.py": "1\n"})
    with connect(place) as connection:
        assert pull_request(connection, place.pull.number).head.sha == place.pull.head_sha
        assert pull_request(connection, place.pull.number).head.sha == place.pull.head_sha
    assert [each.status for each in seen if each.path == path] == [200, 304, 200, 304]


def test_every_page_of_a_list_is_known_by_its_own_etag(place: World, seen: list[Exchange]) -> None:
    for number in range(103):
        place.github.person("reader").comment(place.pull, f"comment {number}")
    for name in ("one", "two"):
        with connect(place) as connection:
            answer(connection, 1, name, name)
            assert len(list(connection.pages("/issues/1/comments"))) == (104 if name == "one" else 105)
    read = [each.status for each in seen if each.path.endswith("/issues/1/comments") and each.method == "GET"]
    looked_up_first, after_the_answer = [200, 200], [304, 200]
    assert read == [*looked_up_first, *after_the_answer, 304, 304, *after_the_answer]


def test_no_installation_is_asked_by_anothers_etag(place: World, seen: list[Exchange]) -> None:
    with connect(place) as connection:
        pull_request(connection, 1)
    # The App is installed anew: another installation of the same repository.
    again = place.github.install(place.app, place.repository)
    with connect(place, again) as connection:
        pull_request(connection, 1)
    tags = [each.request_headers.get("if-none-match") for each in seen if each.path.endswith("/pulls/1")]
    assert tags == [None, None]


def test_answers_are_bounded_in_size_and_number(redis: Redis, scope: Scope) -> None:
    answers = Answers(redis=redis, place=scope.place(11))
    answers.keep("/large", '"1"', random.Random(1).randbytes(LARGEST_ANSWER))
    assert answers.find("/large") is None
    for number in range(MOST_ANSWERS + 3):
        answers.keep(f"/{number:03}", '"1"', b"[]")
    kept = [number for number in range(MOST_ANSWERS + 3) if answers.find(f"/{number:03}")]
    assert kept[-1] == MOST_ANSWERS + 2
    assert len(kept) == MOST_ANSWERS
    assert len(list(redis.scan_iter(f"{scope.place(11)}answer:*"))) == MOST_ANSWERS
    assert all(redis.pttl(key) > 0 for key in redis.scan_iter(f"{scope.place(11)}*"))


def test_what_may_happen_yet_is_not_repeated_but_looked_up_by_the_next_try(place: World) -> None:
    with connect(place) as connection:
        run = create_check_run(connection, place.pull.head_sha, "key")
    place.github.faults.next("PATCH", "/check-runs/", Fault.SLOW, seconds=2)
    with connect(place, seconds=0.5) as impatient:
        annotate(impatient, run.id, OUTPUT, BATCH)
        assert shown_annotations(impatient, run.id) == BATCH
    assert len(place.github.log.entries("PATCH", "/check-runs/")) <= 1


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.BAD_GATEWAY, Fault.DROP_BEFORE])
def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(
    place: World, seen: list[Exchange], fault: Fault
) -> None:
    draft = DraftReview(
        commit=place.pull.head_sha,
        body="text\n\nMARK",
        marker="MARK",
        comments=(DraftComment(path="app/main.py", body="b", line=12, side="RIGHT"),),
    )
    with connect(place) as connection:
        run = create_check_run(connection, place.pull.head_sha, "key")
        place.github.faults.next("PATCH", "/check-runs/", fault)
        annotate(connection, run.id, OUTPUT, BATCH)
        place.github.faults.next("POST", "/reviews$", fault)
        create_review(connection, 1, draft)
        assert len(reviews(connection, 1)) == 1
        assert shown_annotations(connection, run.id) == BATCH
    told = [(each.method, each.path.rpartition("/")[2]) for each in seen if "/pulls/1/reviews" in each.path]
    again = [] if fault is Fault.DROP_AFTER else [("POST", "reviews")]
    assert told == [("POST", "reviews"), ("GET", "reviews"), *again, ("GET", "reviews")]


def test_a_write_that_fails_again_is_left_to_the_next_try(place: World) -> None:
    place.github.faults.next("POST", "/comments$", Fault.BAD_GATEWAY, 2)
    with connect(place) as connection:
        with pytest.raises(GitHubUnavailable):
            answer(connection, 1, "text", "text")
        assert len(place.github.log.entries("POST", "/comments")) == 2
        answer(connection, 1, "text", "text")
    assert len(place.github.issue_comments(place.pull)) == 1
