from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from redis import Redis

from bot.demo.github.accounts import App
from bot.demo.github.faults import Fault
from bot.demo.github.local import LocalGitHub
from bot.demo.github.pull_request import PullRequest
from bot.errors import LeaseLost, Postponed
from bot.github.app import GitHubApp
from bot.github.deliveries import DeliveryRecord
from bot.healing.redelivery import MOST_AT_ONCE, MOST_ATTEMPTS, Redelivery, Story, stories
from bot.ledger.names import Scope
from tests.github.fixtures import github
from tests.github.receiver import Receiver, receiver

pytestmark = pytest.mark.thorough

__all__ = ["github", "receiver"]

MINUTE = datetime.timedelta(minutes=1)
NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


def attempt(minutes: float, status: int, *, again: bool = False, guid: str = "one") -> DeliveryRecord:
    return DeliveryRecord(
        id=round(minutes * 10),
        guid=guid,
        delivered_at=NOW + minutes * MINUTE,
        redelivery=again,
        status="OK" if status < 300 else "failed to connect to host",
        status_code=status,
        event="pull_request",
        action="opened",
    )


def story(*attempts: DeliveryRecord) -> Story:
    (only,) = stories(attempts)
    return only


def test_attempts_are_told_apart_by_delivery_and_ordered_by_time() -> None:
    late, other = attempt(3, 202, again=True), attempt(1, 502, guid="other")
    told = stories([late, other, attempt(0, 502)])
    assert [(each.guid, [held.id for held in each.attempts]) for each in told] == [
        ("one", [0, 30]),
        ("other", [10]),
    ]


def test_what_arrived_once_is_settled() -> None:
    assert story(attempt(0, 502), attempt(1, 202, again=True), attempt(2, 502, again=True)).settled
    assert not story(attempt(0, 502), attempt(1, 401, again=True)).settled


def test_what_was_dealt_with_before_is_settled() -> None:
    assert story(attempt(5, 502, again=True)).settled


def test_a_delivery_is_given_up_in_the_end() -> None:
    tries = [attempt(minutes, 502, again=True) for minutes in range(1, MOST_ATTEMPTS + 1)]
    assert not story(attempt(0, 502), *tries[:-1]).settled
    assert story(attempt(0, 502), *tries).settled


@pytest.mark.parametrize(
    ("repeated", "minutes"), [(0, 0), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (11, 60)]
)
def test_each_pause_is_twice_the_one_before_up_to_an_hour(repeated: int, minutes: int) -> None:
    tries = [attempt(number / 10, 502, again=bool(number)) for number in range(repeated + 1)]
    due = tries[-1].delivered_at + minutes * MINUTE
    assert story(*tries).due(due, MINUTE)
    assert minutes == 0 or not story(*tries).due(due - MINUTE / 60, MINUTE)


def pulls(github: LocalGitHub, app: App, number: int = 1) -> list[PullRequest]:
    repository = github.create_repository("octo-org/notes", roles={"mira": "write"})
    github.push(repository, "main", {"notes.py": "one\n"}, "First")
    for branch in range(number):
        github.push(repository, f"change-{branch}", {"notes.py": f"{branch}\n"}, "Change")
    github.install(app, repository)
    return [
        github.open_pull_request(repository, f"change-{branch}", title="Change") for branch in range(number)
    ]


@pytest.fixture
def app(github: LocalGitHub, receiver: Receiver) -> App:
    return github.create_app(webhook_url=receiver.url, events=("pull_request", "issue_comment"))


Make = Callable[..., Redelivery]


@pytest.fixture
def redelivery(github: LocalGitHub, app: App, redis: Redis) -> Make:
    identity = GitHubApp(api_url=github.api_url, app_id=str(app.id), private_key=app.private_key)
    scope = Scope(github.url.removeprefix("http://"), str(app.id))

    def make(guard: Callable[[], None] = lambda: None) -> Redelivery:
        return Redelivery(app=identity, redis=redis, scope=scope, pause=MINUTE, guard=guard)

    return make


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def opened(receiver: Receiver) -> list[str]:
    return [headers["X-GitHub-Delivery"] for headers, body in receiver.received if b'"opened"' in body]


def test_what_the_receiver_missed_is_asked_for_once(
    github: LocalGitHub, receiver: Receiver, app: App, redelivery: Make
) -> None:
    github.hub.lose_next(3)
    pulls(github, app, 3)  # the installation, and two of three pull requests
    github.wait_for_deliveries()
    assert len(opened(receiver)) == 1
    assert redelivery().sweep(now()) == 3
    github.wait_for_deliveries()
    assert len(opened(receiver)) == len(set(opened(receiver))) == 3
    assert redelivery().sweep(now() + 5 * MINUTE) == 0
    assert len(opened(receiver)) == 3


def test_what_fails_again_waits_and_is_asked_for_again(
    github: LocalGitHub, receiver: Receiver, app: App, redelivery: Make
) -> None:
    receiver.answer = 503
    pulls(github, app)
    github.wait_for_deliveries()
    assert redelivery().sweep(now()) == 2
    github.wait_for_deliveries()
    assert redelivery().sweep(now()) == 0
    receiver.answer = 202
    assert redelivery().sweep(now() + 2 * MINUTE) == 2
    github.wait_for_deliveries()
    assert redelivery().sweep(now() + 9 * MINUTE) == 0


def test_pages_are_followed_and_a_sweep_is_bounded(
    github: LocalGitHub, receiver: Receiver, app: App, redelivery: Make
) -> None:
    (pull,) = pulls(github, app)
    github.hub.lose_next(MOST_AT_ONCE + 60)
    for number in range(MOST_AT_ONCE + 60):
        github.person("mira").comment(pull, f"comment {number}")
    github.wait_for_deliveries()
    received = len(receiver.received)
    assert redelivery().sweep(now()) == MOST_AT_ONCE
    github.wait_for_deliveries()
    assert redelivery().sweep(now()) == 60
    github.wait_for_deliveries()
    assert len(receiver.received) - received == MOST_AT_ONCE + 60
    guids = [headers["X-GitHub-Delivery"] for headers, _ in receiver.received]
    assert len(set(guids)) == len(guids)
    assert len(github.log.entries("GET", "/app/hook/deliveries")) >= 6


def test_what_the_ledger_has_is_not_asked_for(
    github: LocalGitHub, app: App, redis: Redis, redelivery: Make
) -> None:
    github.hub.lose_next(2)
    pulls(github, app)
    sweeper = redelivery()
    for delivery in github.hub.deliveries:
        redis.hset(sweeper.scope.delivery(delivery.guid), "item", "taken, and answered too late")
    assert sweeper.sweep(now()) == 0


def test_after_a_loss_what_reconciliation_cannot_see_is_asked_for_too(
    github: LocalGitHub, receiver: Receiver, app: App, redelivery: Make
) -> None:
    (pull,) = pulls(github, app)
    github.person("mira").comment(pull, "/architect review")
    github.wait_for_deliveries()
    assert redelivery().sweep(now()) == 0
    assert redelivery().sweep(now(), also_taken_since=now() + MINUTE) == 0
    assert redelivery().sweep(now(), also_taken_since=now() - 60 * MINUTE) == 1
    github.wait_for_deliveries()
    assert receiver.events()[-1] == "issue_comment"


def test_a_sweeper_that_lost_its_lease_asks_for_nothing(
    github: LocalGitHub, app: App, redelivery: Make
) -> None:
    github.hub.lose_next(2)
    pulls(github, app)

    def lost() -> None:
        raise LeaseLost("healing")

    with pytest.raises(LeaseLost):
        redelivery(lost).sweep(now())
    assert github.log.entries("POST", "/app/hook/deliveries") == []


def test_a_limit_ends_the_sweep_and_nothing_is_forgotten(
    github: LocalGitHub, app: App, redelivery: Make
) -> None:
    github.hub.lose_next(2)
    pulls(github, app)
    github.faults.next("POST", "/app/hook/deliveries/", Fault.RETRY_AFTER, seconds=30)
    with pytest.raises(Postponed):
        redelivery().sweep(now())
    assert redelivery().sweep(now()) == 2


def test_what_github_let_go_of_meanwhile_is_passed_over(
    github: LocalGitHub, app: App, redelivery: Make
) -> None:
    github.hub.lose_next(2)
    pulls(github, app)
    gone, kept = github.hub.deliveries

    def outlived() -> None:
        gone.delivered_at = now() - datetime.timedelta(days=4)

    assert redelivery(outlived).sweep(now()) == 2
    asked = github.log.entries("POST", "/attempts")
    assert [(each.path.split("/")[-2], each.status) for each in asked] == [
        (str(gone.id), 404),
        (str(kept.id), 202),
    ]
