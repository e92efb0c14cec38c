"""pytest fixtures around the local GitHub; import what a test module uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.github import LocalGitHub
from tests.github.validated import validated_github


@pytest.fixture
def github(tmp_path: Path) -> Iterator[LocalGitHub]:
    """A local GitHub; the test fails if anything that passed was not as GitHub describes it."""
    with validated_github(tmp_path / "github") as local:
        yield local
