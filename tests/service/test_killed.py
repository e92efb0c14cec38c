"""SIGKILL at every point of a review, to each process: one completed check run, no doubled comment."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest

from bot.demo.github.faults import Fault
from bot.service import Role
from tests.service import processes
from tests.service.running import PATIENCE, Service, until
from tests.service.subject import LATEST, MAIN, NAMES, Subject, held_up, opened

pytestmark = pytest.mark.thorough

WITHIN = 20.0
"""Seconds: the lease of a dead worker lasts 1.5; the rest is room for a busy machine."""
POINTS = {
    "before anything is written": ("GET", "/pulls/1$"),
    "the check run is made": ("POST", "/check-runs$"),
    "the commits are fetched": ("POST", r"\.git/git-upload-pack"),
    "the review is posted": ("POST", "/pulls/1/reviews$"),
}
Victims = Callable[[Service], tuple[int, ...]]


def parent(service: Service) -> tuple[int, ...]:
    return service.horse()[:1]


def horse(service: Service) -> tuple[int, ...]:
    return service.horse()[1:]


def both(service: Service) -> tuple[int, ...]:
    return service.horse()


def assert_ends_well(subject: Subject, *, since: float) -> None:
    (run,) = subject.reviewed()
    assert time.monotonic() - since < WITHIN
    assert (run.status, run.conclusion) == ("completed", "failure")
    assert len(run.annotations) == 1
    assert len(subject.comments()) == 1
    assert subject.reviews() == 1


@pytest.mark.parametrize(
    ("point", "victims"),
    [
        *((point, parent) for point in POINTS),
        ("the commits are fetched", horse),
        ("the review is posted", horse),
        ("before anything is written", both),
        ("the check run is made", both),
    ],
)
def test_a_killed_worker_doubles_nothing_and_leaves_nothing_open(
    service: Service, point: str, victims: Victims
) -> None:
    subject = held_up(service, *POINTS[point])
    started = time.monotonic()
    worker, horse_of_it = service.horse()
    killed = victims(service)
    processes.kill(*killed)
    if worker in killed:
        until(lambda: not processes.alive(horse_of_it), "no horse outlives its worker")
    assert_ends_well(subject, since=started)


def test_a_worker_killed_between_batches_doubles_no_annotation(service: Service) -> None:
    many = "".join(LATEST.replace("latest", f"other{number}") for number in range(60))
    name = f"octo-org/{next(NAMES)}"
    # The second of these requests brings the first fifty annotations.
    service.github.faults.next("PATCH", f"/{name}/check-runs/", Fault.SLOW, times=2, seconds=1.0)
    subject = opened(service, {"app/main.py": MAIN + many}, full_name=name)
    until(lambda: [len(run.annotations) for run in subject.runs()] == [50], "the first fifty are there")
    processes.kill(*service.horse())
    (run,) = subject.reviewed()
    assert len(run.annotations) == 60
    # Of one rule: one comment for the first fifty, one for the others.
    assert (len(subject.comments()), subject.reviews()) == (2, 1)


def remaining(service: Service, faults: int) -> bool:
    return service.github.faults.remaining() == faults


def test_a_review_that_kills_its_worker_each_time_is_given_up(service: Service) -> None:
    name = f"octo-org/{next(NAMES)}"
    service.github.faults.next("POST", rf"/{name}\.git/git-upload-pack", Fault.SLOW, times=5, seconds=1.0)
    subject = opened(service, full_name=name)
    for left in (4, 3, 2, 1, 0):
        until(partial(remaining, service, left), f"try {5 - left}")
        processes.kill(*horse(service))
    (run,) = subject.reviewed()
    assert (run.conclusion, run.title) == ("timed_out", "The review could not be finished")
    assert subject.comments() == []


@pytest.mark.parametrize("status", ["in_progress", "completed"])
def test_a_worker_killed_after_its_check_run_is(service: Service, status: str) -> None:
    subject = held_up(service, "POST", "/check-runs$")
    service.github.faults.next("PATCH", f"{subject.path}/check-runs", Fault.SLOW, seconds=1.0)
    if status == "completed":
        until(lambda: service.github.faults.remaining() == 0, "the run is started")
        service.github.faults.next("POST", f"{subject.path}/pulls/1/reviews$", Fault.DROP_BEFORE)
    until(lambda: [run.status for run in subject.runs()] == [status], f"a run {status}")
    started = time.monotonic()
    processes.kill(*both(service))
    assert_ends_well(subject, since=started)


@pytest.mark.parametrize("role", [Role.RECEIVER, Role.SWEEPER])
def test_a_killed_receiver_or_sweeper_loses_nothing(service: Service, role: Role) -> None:
    processes.kill(*service.role(role))
    started = time.monotonic()
    subject = opened(service)
    assert_ends_well(subject, since=started)
    until(lambda: len(service.role(role)) == 1, f"a new {role}")


@pytest.mark.parametrize("point", ["the check run is made", "the review is posted"])
def test_a_killed_redis_keeps_what_it_had(service: Service, point: str) -> None:
    subject = held_up(service, *POINTS[point])
    processes.kill(*service.redis_server())
    until(service.ready, "Redis is back")
    started = time.monotonic()
    assert_ends_well(subject, since=started)
    after = opened(service)
    assert after.reviewed()[0].conclusion == "failure"


def test_a_delivery_while_redis_is_away_is_refused_or_kept(service: Service) -> None:
    processes.kill(*service.redis_server())
    subject = opened(service)
    service.github.wait_for_deliveries()
    (delivery,) = subject.deliveries("pull_request")
    assert delivery.status_code in {202, 503}
    until(service.ready, "Redis is back")
    if delivery.status_code == 503:
        service.github.hub.redeliver(delivery)
    assert_ends_well(subject, since=time.monotonic())


def test_everything_killed_at_once_goes_on_where_it_was(service: Service) -> None:
    subject = held_up(service, *POINTS["the check run is made"])
    assert service.process is not None
    everything = processes.descendants(service.process.pid)
    service.process.kill()
    service.process.wait()
    until(lambda: not [each for each in everything if processes.alive(each)], "nothing is left", PATIENCE)
    service.start()
    assert_ends_well(subject, since=time.monotonic())
