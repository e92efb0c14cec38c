"""A real Redis for the tests of one process, and a scope of its own for each test."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot import redis_server
from bot.ledger.names import Scope

APPS = itertools.count(1_000)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="architect-") as folder,
        redis_server.running(Path(folder)) as url,
    ):
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def scope() -> Scope:
    return Scope("api.github.test", str(next(APPS)))
