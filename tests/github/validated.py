"""A local GitHub whose every exchange and delivery is held to what GitHub publishes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from bot.demo.github import LocalGitHub
from bot.demo.github.exchange import Exchange
from tests.github import graphql, openapi, webhooks


class PublishedContractBroken(AssertionError):
    """A request, an answer or a payload is not as GitHub describes it."""


class Observations:
    """Exchanges as they come; judged at the end, in the thread of the test."""

    def __init__(self) -> None:
        self._seen: list[Exchange] = []
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        with self._lock:
            self._seen.append(exchange)

    def violations(self) -> list[str]:
        with self._lock:
            seen = [each for each in self._seen if each.fault is None and not _is_git(each)]
        return [
            problem for each in seen for problem in (*openapi.violations(each), *graphql.violations(each))
        ]


def _is_git(exchange: Exchange) -> bool:
    return exchange.path.endswith(("/info/refs", "/git-upload-pack", "/git-receive-pack"))


@contextlib.contextmanager
def validated_github(folder: Path) -> Iterator[LocalGitHub]:
    """A running local GitHub; leaving raises `PublishedContractBroken` for whatever broke its contract."""
    observations = Observations()
    with LocalGitHub(folder, observe=observations) as github:
        yield github
    problems = observations.violations()
    problems += [problem for delivery in github.hub.deliveries for problem in webhooks.violations(delivery)]
    if problems:
        raise PublishedContractBroken("\n".join(dict.fromkeys(problems)))
