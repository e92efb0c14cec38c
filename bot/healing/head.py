"""What the check runs on a pull request's head say about whether it was reviewed: pure."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable

import msgspec

from bot.attempt import CANCELLED
from bot.github.installations import TimedRun


class Verdict(enum.StrEnum):
    """How a head stands."""

    REVIEWED = "reviewed"
    UNDER_WAY = "under way"
    MISSING = "missing"
    STUCK = "stuck"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict, and for `STUCK` the run that will not end by itself."""

    verdict: Verdict
    run: int = 0


def judge(runs: Iterable[TimedRun], now: datetime.datetime, patience: datetime.timedelta) -> Head:
    """Hold the pull request's own runs against the time that a review may take.

    A run that was cancelled says nothing about the head; one that timed out does: the review was given up.
    """
    held = sorted(runs, key=lambda run: run.id)
    stuck = [run for run in held if not run.completed and _since(run, now) >= patience]
    if stuck:
        return Head(verdict=Verdict.STUCK, run=stuck[-1].id)
    if any(not run.completed for run in held):
        return Head(verdict=Verdict.UNDER_WAY)
    if any(run.conclusion != CANCELLED for run in held):
        return Head(verdict=Verdict.REVIEWED)
    return Head(verdict=Verdict.MISSING)


def _since(run: TimedRun, now: datetime.datetime) -> datetime.timedelta:
    return datetime.timedelta.max if run.started_at is None else now - run.started_at
