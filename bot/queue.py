"""The RQ queue: what may stand in it, and how a job is put there.

A job says "there is work for this item" and nothing else; losing one costs time, never a review, because
the ledger knows what is wanted. Fault tests behind these choices: with two queues a worker loses jobs when
it is killed; RQ's default serializer runs whatever somebody with access to Redis writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from redis import Redis
from rq import Queue, Retry
from rq.exceptions import InvalidJobOperation
from rq.job import Job
from rq.serializers import JSONSerializer

WORK = "bot.jobs.work"
RESULT_SECONDS = 3_600
FAILURE_SECONDS = 7 * 86_400


class AllowedJob(Job):
    """A job that runs one of `functions` and nothing else that Redis may name; callbacks are never run."""

    functions: ClassVar[frozenset[str]] = frozenset({WORK})

    @property
    def func(self) -> Callable[..., Any]:
        """The function to call. Raises `InvalidJobOperation` for one that is not allowed."""
        if self.instance is not None or self.func_name not in self.functions:
            raise InvalidJobOperation(f"the job names a function that is not allowed: {self.func_name!r}")
        function: Callable[..., Any] = super().func
        return function

    @property
    def success_callback(self) -> None:
        """Nothing."""

    @property
    def failure_callback(self) -> None:
        """Nothing."""

    @property
    def stopped_callback(self) -> None:
        """Nothing."""


def open_queue(redis: Redis, name: str, *, job: type[AllowedJob] = AllowedJob) -> Queue:
    """The queue `name`. `redis` must give bytes, as RQ wants them."""
    return Queue(name, connection=redis, job_class=job, serializer=JSONSerializer)


def put(queue: Queue, item: str, *, function: str = WORK, seconds: int) -> None:
    """Say that there is work for `item`; the job may run for `seconds`."""
    queue.enqueue_call(
        function,
        args=(item,),
        timeout=seconds,
        result_ttl=RESULT_SECONDS,
        failure_ttl=FAILURE_SECONDS,
        description=item,
        retry=Retry(max=4, interval=[5, 30, 120, 600]),
    )
