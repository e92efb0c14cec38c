"""Services for the fault tests, and the figures that each one leaves."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.faults.figures import Figures
from tests.faults.outcome import assert_whole, longest_open
from tests.service.running import Service, serving

if not sys.platform.startswith("linux"):
    collect_ignore_glob = ["test_*.py"]  # they look into /proc

WORKERS = 5
JOB_SECONDS, SPARE = 600, 120
PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.thorough)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    made = Figures(number=request.module.NUMBER, criterion=request.module.CRITERION, test=request.node.name)
    started = time.monotonic()
    yield made
    sys.stdout.write(f"\n{made.told()}\n")
    made.keep(passed=request.node.stash.get(PASSED, False), seconds=time.monotonic() - started)


@pytest.fixture(scope="session")
def shared_service() -> Iterator[Service]:
    """Several workers, and healing at short intervals; installations are of the tests' own."""
    pace = {"WORKERS": str(WORKERS), "REDELIVERY_SECONDS": "1", "RECONCILE_SECONDS": "10"}
    with (
        tempfile.TemporaryDirectory(prefix="architect-") as folder,
        serving(Path(folder), **pace, GITHUB_SECONDS="30") as service,
    ):
        yield service


@pytest.fixture
def service(shared_service: Service) -> Iterator[Service]:
    """The shared service with nothing to do; after the test nothing is open and nothing there twice."""
    yield shared_service
    shared_service.github.faults.clear()
    shared_service.settle()
    assert_whole(shared_service)
    assert longest_open(shared_service) < JOB_SECONDS + SPARE
