"""One running service for the tests of one process; each test has repositories of its own."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.running import Service, serving, until

if not sys.platform.startswith("linux"):
    collect_ignore_glob = ["test_*.py"]  # they look into /proc


@pytest.fixture(scope="session")
def shared_service() -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder)) as service:
        until(lambda: looked_around(service), "the healer has seen everything that there was")
        service.settle()
        yield service


def looked_around(service: Service) -> bool:
    """Whether the healer is done with a Redis that held nothing; until then it asks for deliveries."""
    with service.redis() as redis:
        return bool(redis.exists(service.scope.alive))


@pytest.fixture
def service(shared_service: Service) -> Iterator[Service]:
    """The service with nothing to do; after the test GitHub shows nothing open and nothing twice.

    And nobody asked it anything before it had said.
    """
    yield shared_service
    shared_service.github.faults.clear()
    shared_service.settle()
    assert unfinished(shared_service) == []
    assert doubled(shared_service) == []
    early = list(shared_service.github.rates.early)
    shared_service.github.rates.early.clear()
    assert early == []


def unfinished(service: Service) -> list[str]:
    """Check runs that nobody will complete."""
    with service.github.state.lock:
        held = list(service.github.state.runs.values())
    return [run.external_id for run in held if run.status != "completed"]


def doubled(service: Service) -> list[tuple[int, str]]:
    """Comments, reviews, annotations and attempts that one pull request shows twice."""
    state = service.github.state
    with state.lock:
        said = [(each.author, each.thread.pull.id, each.body) for each in state.review_comments()]
        said += [(each.author, each.pull.id, each.body) for each in state.reviews.values() if each.body]
        said += [(each.author, each.pull.id, each.body) for each in state.issue_comments.values()]
        seen = [(pull, body) for author, pull, body in said if author is service.app.bot]
        seen += [(run.suite.id, run.external_id) for run in state.runs.values()]
        seen += [(run.id, str(mark)) for run in state.runs.values() for mark in run.annotations]
    return [each for each, times in Counter(seen).items() if times > 1]
