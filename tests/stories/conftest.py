"""One running service for all stories of a process; its App may resolve threads."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import doubled, unfinished
from tests.service.running import Service, serving
from tests.stories.stage import RESOLVING

if not sys.platform.startswith("linux"):
    collect_ignore_glob = ["test_*.py"]  # they look into /proc


@pytest.fixture(scope="session")
def stage() -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder)) as service:
        yield service


@pytest.fixture
def service(stage: Service) -> Iterator[Service]:
    """The service, whose App may resolve threads; after a story nothing is open and nothing there twice."""
    stage.app.permissions.update(RESOLVING)
    yield stage
    stage.github.faults.clear()
    stage.settle()
    assert unfinished(stage) == []
    assert doubled(stage) == []


@pytest.fixture
def limited(service: Service) -> Service:
    """The same; whoever is installed in this story does not grant what resolving needs."""
    service.app.permissions["contents"] = "read"
    return service
