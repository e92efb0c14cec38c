"""Adding measurements up in Redis. Workers are forked for each job, so nothing lasts in a process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.ledger.names import Scope
from bot.ledger.retention import DAY_MILLISECONDS
from bot.measurements import Measurements

log = structlog.get_logger(__name__)

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Upper bounds of the histogram of steps, in seconds; one bucket more has no bound."""
SECONDS, BUCKET = "seconds", "bucket"


class Totals(msgspec.Struct, frozen=True):
    """What was added up: counts by name and label; for each step its buckets (not summed up) and seconds."""

    counts: Mapping[tuple[str, str], int]
    buckets: Mapping[str, tuple[int, ...]]
    seconds: Mapping[str, float]


def add(redis: Redis, scope: Scope, installation: int, measured: Measurements) -> None:
    """Add what a job measured. Where Redis fails it is lost: no work fails for being measured."""
    pipeline = redis.pipeline(transaction=False)
    for (name, label), number in measured.counts.items():
        pipeline.hincrby(scope.metrics, f"{name}/{label}", number)
    for step, seconds in measured.seconds:
        pipeline.hincrby(scope.metrics, f"{BUCKET}/{step}/{_bucket(seconds)}", 1)
        pipeline.hincrbyfloat(scope.metrics, f"{SECONDS}/{step}", seconds)
    if measured.github_budget is not None:
        pipeline.hset(scope.budgets, str(installation), str(measured.github_budget))
        pipeline.pexpire(scope.budgets, DAY_MILLISECONDS)
    try:
        pipeline.execute()
    except (RedisError, OSError) as error:
        log.warning("measurements lost", error=type(error).__name__)


def totals(held: Mapping[str, str]) -> Totals:
    """The totals from the hash in Redis; fields of another version are left out."""
    counts: dict[tuple[str, str], int] = {}
    buckets: dict[str, list[int]] = {}
    seconds: dict[str, float] = {}
    for parts, value in _fields(held):
        match parts:
            case (kind, step, place) if kind == BUCKET and place.isdigit() and int(place) <= len(BOUNDS):
                buckets.setdefault(step, [0] * (len(BOUNDS) + 1))[int(place)] = int(value)
            case (kind, step) if kind == SECONDS:
                seconds[step] = value
            case (name, label):
                counts[name, label] = int(value)
    return Totals(counts, {step: tuple(each) for step, each in buckets.items()}, seconds)


def _fields(held: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], float]]:
    for field, value in sorted(held.items()):
        try:
            yield tuple(field.split("/")), float(value)
        except ValueError:
            continue


def _bucket(seconds: float) -> int:
    return sum(seconds > bound for bound in BOUNDS)
