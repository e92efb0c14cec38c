"""A reviewer that writes down what it does, and the processes that run it: for tests that kill them."""

from __future__ import annotations

import os
import sys
import time
from typing import ClassVar

from redis import Redis
from rq.job import Job

from bot import rq_worker
from bot.jobs import Policy, drain
from bot.ledger.fence import Fence
from bot.ledger.names import item_of
from bot.queue import AllowedJob
from bot.triggers import CommandRequest, GroupRequest, LookupBySha, ReviewRequest, Wanted

WORK = "tests.bot.counting.work"
POLICY = Policy(lease_seconds=3.0, retry_seconds=(0.05, 0.05, 0.05, 0.05))


def diary(item: str) -> str:
    """The list in which the reviewer writes."""
    return f"diary:{item}"


def pace(item: str) -> str:
    """The key that says how many seconds a review takes."""
    return f"pace:{item}"


class CountingReviewer:
    """Writes `begin`, waits, asks the fence as for a write, writes `end`."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def review(self, request: ReviewRequest, fence: Fence) -> None:
        item = item_of(request.key)
        self.redis.rpush(diary(item), f"begin {request.attempt} {os.getpid()}")
        time.sleep(float(str(self.redis.get(pace(item)) or "0")))
        fence.check()
        self.redis.rpush(diary(item), f"end {request.attempt}")

    def command(self, request: CommandRequest, fence: Fence) -> ReviewRequest | None:
        fence.check()
        self.redis.rpush(diary(item_of(request.key)), f"command {request.comment_id}")
        return None

    def lookup(self, request: LookupBySha) -> tuple[ReviewRequest, ...]:
        self.redis.rpush(diary(item_of(request.key)), "lookup")
        return ()

    def group(self, request: GroupRequest, fence: Fence) -> None:
        fence.check()
        self.redis.rpush(diary(item_of(request.key)), f"group {request.attempt}")

    def give_up(self, wanted: Wanted, fence: Fence, reason: str) -> None:
        fence.check_lease()
        self.redis.rpush(diary(item_of(wanted.key)), f"gave up: {reason}")


class CountingJob(AllowedJob):
    """Allows the job below."""

    functions: ClassVar[frozenset[str]] = frozenset({WORK})


def work(item: str) -> None:
    """The job."""
    with Redis.from_url(os.environ["COUNTING_REDIS"], decode_responses=True) as redis:
        drain(redis, item, CountingReviewer(redis), POLICY)


def trace(job: str) -> str:
    """The key that a callback sets."""
    return f"trace:{job}"


def leave_trace(job: Job, connection: Redis, *_: object) -> None:
    """A callback that must never run."""
    connection.set(trace(job.id), "ran")


if __name__ == "__main__":
    rq_worker.work(Redis.from_url(os.environ["COUNTING_REDIS"]), sys.argv[1], job=CountingJob)
