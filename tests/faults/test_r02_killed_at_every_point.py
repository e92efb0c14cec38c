"""SIGKILL at every point of a review, to the worker, to its horse, and to both, several reviews at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from bot.demo.github.faults import Fault
from bot.service import Role
from bot.settings import Settings
from tests.faults.crowd import Prepared, prepared
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import count_effects, ends
from tests.service import processes
from tests.service.running import Service, until
from tests.service.subject import Subject

NUMBER = "R2"
CRITERION = (
    "kill -9 of parent, horse and both at 12 points or more, 5 runs each: exactly one completed check run "
    "per commit and attempt, each finding posted once; recovery ≤ 30 s with shortened intervals, ≤ 120 s by "
    "computation with the shipped ones"
)
RUNS = size(short=2, long=5)
HOLD = 12.0
WITHIN = 30.0
LEFT_ALONE = "taken from the queue, not begun"
UNACKNOWLEDGED = "all is posted, not acknowledged"
POINTS = {
    "the pull request is read": ("GET", "/pulls/1$", 0),
    "check runs are listed": ("GET", "/commits/[0-9a-f]+/check-runs$", 0),
    "the check run is made, the answer lost": ("POST", "/check-runs$", 0),
    "the check run is started, the answer lost": ("PATCH", r"/check-runs/\d+$", 0),
    "git's advertisement": ("GET", r"\.git/info/refs$", 0),
    "git's pack": ("POST", r"\.git/git-upload-pack$", 0),
    "git's second pack": ("POST", r"\.git/git-upload-pack$", 1),
    "the merge base is read": ("GET", "/compare/", 0),
    "judged, comments are read back": ("GET", "/pulls/1/comments$", 0),
    "reviews are read back": ("GET", "/pulls/1/reviews$", 0),
    "annotated, the answer lost": ("PATCH", r"/check-runs/\d+$", 1),
    "completed, the answer lost": ("PATCH", r"/check-runs/\d+$", 2),
    "the review is posted, the answer lost": ("POST", "/pulls/1/reviews$", 0),
    UNACKNOWLEDGED: ("POST", "/pulls/1/reviews$", 0),
}
SHORT = {
    ("the check run is made, the answer lost", "both"),
    ("git's pack", "horse"),
    ("the review is posted, the answer lost", "parent"),
    (UNACKNOWLEDGED, "both"),
}
EVERY = [(point, victims) for point in POINTS for victims in ("parent", "horse", "both")]


def busy(service: Service) -> list[tuple[int, int]]:
    """Workers at a job, each with the process in which it does it."""
    return [(worker, horse) for worker in service.role(Role.WORKER) for horse in processes.children(worker)]


def held(service: Service, point: str, places: list[Prepared]) -> list[Subject]:
    """Reviews that all stand at the point: GitHub did what they asked and does not answer."""
    method, path, before = POINTS[point]
    for place in places:
        address = f"/{place.repository.full_name}{path}"
        if before:
            service.github.faults.next(method, address, Fault.SLOW, times=before, seconds=0)
        service.github.faults.next(method, address, Fault.SLOW, seconds=HOLD)
    subjects = [place.opened() for place in places]
    until(lambda: service.github.faults.remaining() == 0, f"all are at: {point}")
    return subjects


def posted(service: Service) -> int:
    return len(service.github.log.entries("POST", "/pulls/1/reviews"))


def acknowledgement_held_back(service: Service) -> None:
    """Redis takes no writes until all answers came and every horse waits to say that it is done."""
    with service.redis() as redis:
        redis.client_pause(int(HOLD * 1_000) + 3_000, all=False)
    answered = posted(service)
    until(lambda: posted(service) >= answered + RUNS, "all reviews are answered")
    time.sleep(1.0)


def kill(service: Service, victims: str) -> int:
    pairs = busy(service)
    named = [
        (name, process) for pair in pairs for name, process in zip(("parent", "horse"), pair, strict=True)
    ]
    processes.kill(*[process for name, process in named if victims in {name, "both"}])
    until(lambda: not any(processes.alive(horse) for _, horse in pairs), "no horse outlives its worker")
    return len(pairs)


@pytest.mark.parametrize(
    ("point", "victims"), size(short=[each for each in EVERY if each in SHORT], long=EVERY)
)
def test_killed(service: Service, figures: Figures, point: str, victims: str) -> None:
    places = [prepared(service) for _ in range(RUNS)]
    service.github.wait_for_deliveries()
    service.settle()
    until(lambda: len(service.role(Role.WORKER)) >= RUNS, "enough workers")
    subjects = held(service, point, places)
    if point == UNACKNOWLEDGED:
        acknowledgement_held_back(service)
    killed = kill(service, victims)
    since = time.monotonic()
    if point == UNACKNOWLEDGED:
        with service.redis() as redis:
            redis.client_unpause()
    ends(subjects)
    service.settle()
    figures.at_most("recovery, s", time.monotonic() - since, WITHIN)
    figures.count("points × kinds", 1)
    figures.count("reviews killed", killed)
    count_effects(figures, subjects)
    assert killed >= RUNS
    assert [len(each.comments()) for each in subjects] == [1] * RUNS
    assert figures.over() == {}


@pytest.fixture
def stopped_workers(service: Service) -> Iterator[list[int]]:
    """Workers that stand still: Redis still hands them what they wait for."""
    until(lambda: len(service.role(Role.WORKER)) >= RUNS, "enough workers")
    workers = service.role(Role.WORKER)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    yield workers
    processes.kill(*workers)


def test_killed_with_a_job_in_hand(service: Service, figures: Figures, stopped_workers: list[int]) -> None:
    subjects = [prepared(service).opened() for _ in range(RUNS)]
    with service.redis() as redis:
        until(lambda: int(redis.exists("rq:queue:reviews:intermediate")), LEFT_ALONE)
    time.sleep(1.0)
    processes.kill(*stopped_workers)
    since = time.monotonic()
    ends(subjects)
    service.settle()
    figures.at_most("recovery, s", time.monotonic() - since, WITHIN)
    figures.count("points × kinds", 1)
    figures.count("reviews killed", RUNS)
    count_effects(figures, subjects)
    assert figures.over() == {}


def test_recovery_with_the_shipped_intervals(figures: Figures) -> None:
    shipped = {name: field.default for name, field in Settings.model_fields.items()}
    lease, requeue, sweep = (float(shipped[f"{name}_seconds"]) for name in ("lease", "requeue", "sweep"))
    # What a dead worker held is free when its lease ends; what was queued and not begun is queued again.
    figures.at_most("shipped: begun anew, s", max(lease, requeue) + sweep + lease, 120)
    assert figures.over() == {}
