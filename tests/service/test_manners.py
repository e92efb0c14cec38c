"""A running service among GitHub's limits: paced, patient, fair, and not hurried by many pushes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.demo.github.accounts import Installation
from bot.demo.github.faults import Fault
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.rates import Asked
from bot.demo.github.repository import Repository
from tests.service.running import Service, serving, until
from tests.service.subject import FAULTY, MAIN, START, opened

pytestmark = pytest.mark.thorough

CROWD = 4
JITTER = 0.15
"""Between the moment that the budget gives and the arrival of the request."""


@pytest.fixture(scope="module")
def polite() -> Iterator[Service]:
    """A service with the shipped pace, beside a GitHub that enforces its limits."""
    shipped = {"COMMENTS_PER_SECOND": "1", "CHECKS_PER_SECOND": "5", "COALESCE_SECONDS": "2"}
    with (
        tempfile.TemporaryDirectory(prefix="architect-") as folder,
        serving(Path(folder), **shipped) as service,
    ):
        service.github.rates.enforced = True
        yield service


def crowd(service: Service, full_name: str, size: int) -> tuple[Repository, Installation, list[PullRequest]]:
    """A repository with so many open pull requests, which are all delivered at once."""
    repository, installation = service.install(full_name)
    service.github.push(repository, "main", START, "start")
    pulls = []
    for number in range(size):
        service.github.push(repository, f"feature-{number}", FAULTY, f"change {number}")
        pulls.append(service.github.open_pull_request(repository, f"feature-{number}", title=f"{number}"))
    return repository, installation, pulls


def completed(service: Service, pulls: list[PullRequest]) -> int:
    return sum(any(run.status == "completed" for run in service.github.check_runs(pull)) for pull in pulls)


def written(asked: list[Asked], *, content: bool) -> list[float]:
    writes = [each for each in asked if each.method != "GET" and each.content is content]
    return [each.at for each in writes if content or "/check-runs" in each.path]


def test_one_comment_a_second_and_five_writes_of_checks_and_checks_come_first(polite: Service) -> None:
    _, installation, pulls = crowd(polite, "octo-org/paced", CROWD)
    polite.settle()
    assert completed(polite, pulls) == CROWD
    assert [len(polite.github.review_comments(pull)) for pull in pulls] == [1] * CROWD
    asked = polite.github.rates.asked(installation.id)
    comments, checks = written(asked, content=True), written(asked, content=False)
    assert len(comments) == CROWD
    assert min(later - earlier for earlier, later in pairwise(comments)) >= 1 - JITTER
    assert min(later - earlier for earlier, later in zip(checks, checks[5:], strict=False)) >= 1 - JITTER
    ends = [
        run.completed_at.timestamp()
        for pull in pulls
        for run in polite.github.check_runs(pull)
        if run.completed_at
    ]
    assert min(ends) <= comments[0] + 1
    assert polite.github.rates.early == []


@pytest.mark.parametrize("fault", [Fault.RETRY_DATE, Fault.TOO_MANY])
def test_nothing_is_asked_before_github_said_not_even_for_a_new_push(polite: Service, fault: Fault) -> None:
    name = f"octo-org/patient-{fault.name.lower().replace('_', '-')}"
    polite.github.faults.next("POST", f"/{name}/check-runs$", fault, seconds=4)
    repository, installation, pulls = crowd(polite, name, 2)
    limited = until(
        lambda: [each for each in polite.github.log.entries() if each.fault == fault.name], "limited"
    )
    polite.github.push(repository, "feature-0", {"app/main.py": MAIN}, "newer")
    assert completed(polite, pulls) == 0
    polite.settle()
    assert completed(polite, pulls) == 2
    resumed = [each.at for each in polite.github.rates.asked(installation.id) if each.at > limited[0].at + 1]
    assert min(resumed) - limited[0].at >= 3
    assert polite.github.rates.early == []


def test_a_flood_in_one_installation_does_not_starve_another(polite: Service) -> None:
    _, _, flood = crowd(polite, "octo-org/flood", 8)
    other = opened(polite, full_name="globex/quiet")
    other.completed()
    assert completed(polite, flood) < len(flood)
    polite.settle()
    assert completed(polite, flood) == len(flood)
    assert polite.github.rates.early == []


def test_the_first_push_is_reviewed_at_once(polite: Service) -> None:
    subject = opened(polite)
    subject.completed()
    time.sleep(2.5)
    started = time.time()
    subject.push({"app/main.py": f"{MAIN}# once\n"})
    (run,) = subject.completed()
    assert run.completed_at is not None
    begun = min(each.at for each in polite.github.rates.asked(subject.installation.id) if each.at > started)
    assert begun - started < 2
