"""GitHub on its worst day: everything fails now and then, in every way, and limits come on top."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.demo.github.faults import Fault
from bot.service import Role
from tests.faults.crowd import Prepared, prepared
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import assert_whole, count_effects, ends
from tests.service import processes
from tests.service.running import Service, serving
from tests.service.subject import FAULTY

NUMBER = "R6"
CRITERION = (
    "30 % 5xx, 10 % answers lost after the fact, 403 and 429 with times and dates, secondary limits without "
    "headers, 401: all done in the end, nothing twice, no request before GitHub's time, at most one comment "
    "a second, no job > 60 s"
)
INSTALLATIONS = size(short=3, long=12)
LOST_SECONDS = 4.0
PAUSE_SECONDS = 8.0
IN_FLIGHT_SECONDS = 2.0
"""On a busy machine a worker is slow to send what it was allowed to, and to hear that it must wait."""
REQUESTS = (
    ("GET", "/pulls/{}$"),
    ("GET", "/check-runs$"),
    ("POST", "/check-runs$"),
    ("PATCH", r"/check-runs/\d+$"),
    ("PATCH", r"/check-runs/\d+$"),
    ("GET", r"\.git/info/refs$"),
    ("POST", r"\.git/git-upload-pack$"),
    ("GET", "/compare/"),
    ("GET", "/pulls/{}/comments$"),
    ("POST", "/pulls/{}/reviews$"),
)
WEATHER: tuple[tuple[Fault | None, float, float], ...] = (
    (Fault.SERVER_ERROR, 15, 0),
    (Fault.BAD_GATEWAY, 15, 0),
    (Fault.DROP_AFTER, 5, 0),
    (Fault.SLOW, 5, LOST_SECONDS),
    (Fault.RETRY_AFTER, 3, PAUSE_SECONDS),
    (Fault.RETRY_DATE, 3, PAUSE_SECONDS),
    (Fault.TOO_MANY, 3, PAUSE_SECONDS),
    (Fault.UNAUTHORIZED, 3, 0),
    (Fault.SPENT, 2, PAUSE_SECONDS),
    (Fault.SECONDARY, size(short=0, long=1), 0),
    (None, 45, 0),
)
JITTER = 0.1


@pytest.fixture
def own_service() -> Iterator[Service]:
    pace = {
        "WORKERS": "3",
        "COMMENTS_PER_SECOND": "1",
        "GITHUB_SECONDS": "3",
        "RETRY_SECONDS": "0.2,0.2,0.5,0.5" + ",1" * 20,
    }
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder), **pace) as own:
        yield own


def storm(service: Service, place: Prepared, number: int) -> int:
    """Plan what goes wrong with the requests about one pull request; gives how many do."""
    planned = 0
    for method, path in REQUESTS:
        fault, _, seconds = random.choices(WEATHER, weights=[share for _, share, _ in WEATHER])[0]
        if fault is not None:
            address = f"/{place.repository.full_name}{path.format(number)}"
            service.github.faults.next(method, address, fault, seconds=seconds)
            planned += 1
    return planned


def watched_jobs(service: Service, stopping: threading.Event, longest: list[float]) -> None:
    """How long the longest job was at work."""
    since: dict[int, float] = {}
    while not stopping.wait(0.3):
        now = time.monotonic()
        horses = {each for worker in service.role(Role.WORKER) for each in processes.children(worker)}
        since = {each: since.get(each, now) for each in horses}
        longest.append(max((now - begun for begun in since.values()), default=0.0))


def comment_gaps(service: Service, place: Prepared) -> list[float]:
    asked = service.github.rates.asked(place.installation.id)
    return [later - earlier for earlier, later in pairwise(each.at for each in asked if each.content)]


def test_storm(own_service: Service, figures: Figures) -> None:
    random.seed(3)
    service = own_service
    service.github.rates.in_flight = IN_FLIGHT_SECONDS
    places = [prepared(service) for _ in range(INSTALLATIONS)]
    for place in places:
        service.github.push(place.repository, "second", {**FAULTY, "app/second.py": ""}, "second")
        figures.count("requests that fail", sum(storm(service, place, number) for number in (1, 2)))
    stopping, longest = threading.Event(), [0.0]
    watching = threading.Thread(target=watched_jobs, args=(service, stopping, longest))
    watching.start()
    subjects = [place.opened(branch) for place in places for branch in ("feature", "second")]
    ends(subjects, within=size(short=120.0, long=420.0))
    service.settle()
    stopping.set()
    watching.join()
    count_effects(figures, subjects)
    figures.count("before GitHub's time", len(service.github.rates.early))
    figures.at_most("longest job, s", max(longest), 60)
    gaps = [gap for place in places for gap in comment_gaps(service, place)]
    figures.at_most("comments within a second of another", sum(gap < 1 - JITTER for gap in gaps), 0)
    assert service.github.rates.early == []
    assert [len(each.comments()) for each in subjects] == [1] * len(subjects)
    assert_whole(service)
    assert figures.over() == {}
