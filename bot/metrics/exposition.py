"""All metrics in Prometheus's text format, read from Redis at the moment they are asked for.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from redis.asyncio import Redis

from bot.ledger.names import Scope
from bot.measurements import FINDINGS, GITHUB_REQUESTS, RULE_CRASHES, TASKS
from bot.metrics.totals import BOUNDS, Totals, totals

COUNTERS = (
    (FINDINGS, "rule", "Findings that pull requests introduced."),
    (RULE_CRASHES, "rule", "Rules that failed on a file."),
    (TASKS, "outcome", "Tries at reviews and commands by how they ended."),
    (GITHUB_REQUESTS, "status", "Answers of GitHub to workers by class of status."),
)


class Snapshot(msgspec.Struct, frozen=True):
    """What Redis holds. `oldest_seconds`: how long the first in the queue waits."""

    totals: Totals
    budgets: Mapping[str, int]
    waiting: int
    queued: int
    oldest_seconds: float
    dead: int


async def snapshot(redis: Redis, scope: Scope, queue: str) -> Snapshot:
    """Read everything in two round trips. Raises `RedisError`."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.time()
    pipeline.hgetall(scope.metrics)
    pipeline.hgetall(scope.budgets)
    pipeline.zcard(scope.work)
    pipeline.zrange(scope.work, 0, 0, withscores=True)
    pipeline.llen(f"rq:queue:{queue}")
    pipeline.lindex(f"rq:queue:{queue}", 0)
    pipeline.llen(scope.dead)
    (seconds, micros), held, budgets, waiting, first, queued, job, dead = await pipeline.execute()
    now = int(seconds) + int(micros) / 1e6
    # RQ keeps the rest of a job compressed, but this field as text.
    enqueued = await redis.hget(f"rq:job:{job}", "enqueued_at") if job else None
    due = first[0][1] / 1_000 if first else now
    return Snapshot(
        totals=totals(held),
        budgets={key: int(value) for key, value in budgets.items()},
        waiting=waiting,
        queued=queued,
        oldest_seconds=max(0.0, now - min(due, _moment(str(enqueued), now))),
        dead=dead,
    )


def exposition(found: Snapshot, deliveries: CollectorRegistry) -> bytes:
    """The text for Prometheus."""
    shown = CollectorRegistry()
    shown.register(_Collected(_families(found)))
    return generate_latest(deliveries) + generate_latest(shown)


class _Collected:
    """Metrics that are there already, as prometheus_client asks for them."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _families(found: Snapshot) -> Iterator[Metric]:
    yield GaugeMetricFamily("architect_waiting_items", "Items that have work, due or not.", found.waiting)
    yield GaugeMetricFamily("architect_queued_jobs", "Jobs that no worker has begun.", found.queued)
    yield GaugeMetricFamily(
        "architect_queue_age_seconds", "How long the first in the queue waits.", found.oldest_seconds
    )
    yield GaugeMetricFamily("architect_dead_items", "Work given up after too many tries.", found.dead)
    budget = GaugeMetricFamily(
        "architect_github_budget_remaining", "Requests that GitHub still allows.", labels=["installation"]
    )
    for installation, left in found.budgets.items():
        budget.add_metric([installation], left)
    yield budget
    for name, label, text in COUNTERS:
        family = CounterMetricFamily(f"architect_{name}", text, labels=[label])
        for (counted, value), number in found.totals.counts.items():
            if counted == name:
                family.add_metric([value], number)
        yield family
    yield _steps(found.totals)


def _steps(found: Totals) -> Metric:
    family = HistogramMetricFamily(
        "architect_review_step_seconds", "Time of a review by step; `review` is all of it.", labels=["step"]
    )
    bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
    for step, numbers in found.buckets.items():
        summed = zip(bounds, itertools.accumulate(numbers), strict=True)
        family.add_metric([step], list(summed), found.seconds.get(step, 0.0))
    return family


def _moment(text: str, otherwise: float) -> float:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp()
