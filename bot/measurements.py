"""What one piece of work measures about itself: counts, times of steps and GitHub's budget.

Whoever runs the work opens `collecting`; where nobody does, measuring does nothing.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

FINDINGS = "findings"
RULE_CRASHES = "rule_crashes"
TASKS = "tasks"
GITHUB_REQUESTS = "github_requests"


@dataclass(slots=True)
class Measurements:
    """`counts` by name and label, `seconds` by step, `github_budget` as GitHub's last answer had it."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: list[tuple[str, float]] = field(default_factory=list)
    github_budget: int | None = None


_CURRENT: ContextVar[Measurements | None] = ContextVar("measurements", default=None)


@contextlib.contextmanager
def collecting() -> Iterator[Measurements]:
    """Collect what the block measures."""
    measured = Measurements()
    token = _CURRENT.set(measured)
    try:
        yield measured
    finally:
        _CURRENT.reset(token)


def count(name: str, label: str, by: int = 1) -> None:
    """Count `by` more of something."""
    if (measured := _CURRENT.get()) is not None:
        measured.counts[name, label] += by


@contextlib.contextmanager
def timed(step: str) -> Iterator[None]:
    """Measure how long the block takes, whether it fails or not."""
    started = time.monotonic()
    try:
        yield
    finally:
        if (measured := _CURRENT.get()) is not None:
            measured.seconds.append((step, time.monotonic() - started))


def note_answer(status: int, remaining: str | None) -> None:
    """Count an answer of GitHub and keep what it says is left (`x-ratelimit-remaining`)."""
    count(GITHUB_REQUESTS, f"{status // 100}xx")
    measured = _CURRENT.get()
    if measured is not None and remaining is not None and remaining.isascii() and remaining.isdigit():
        measured.github_budget = int(remaining[:9])
