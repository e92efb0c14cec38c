"""The sweeper: queues what is due, and cleans up after workers that died.

Any number may run: picking due work is atomic, and a lock lets one at a time do the cleaning.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import uuid

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.scheduler import RQScheduler

from bot import queue as queueing
from bot.ledger import scripts, tasks
from bot.ledger.lease import milliseconds
from bot.ledger.names import Scope

log = structlog.get_logger(__name__)

LONGEST_QUEUE = 64
CLEANING_LOCK_SECONDS = 899
"""The expiry that RQ 3.0.0 gives its maintenance lock (Queue.acquire_maintenance_lock)."""
STALE_SECONDS = 60
SHORTEST_PAUSE = 0.01
"""Redis takes 0 for ever."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """`redis` gives texts, `queue`'s own connection gives bytes. Times are seconds, see `Settings`.

    `together`: how many pull requests of one installation are under way at a time.
    """

    redis: Redis
    queue: Queue
    scope: Scope
    sweep_seconds: float
    requeue_seconds: float
    maintenance_seconds: float
    job_seconds: int
    together: int = tasks.TOGETHER
    function: str = queueing.WORK
    owner: str = dataclasses.field(default_factory=lambda: uuid.uuid4().hex)

    def run(self, stopping: threading.Event) -> None:
        """Sweep until told to stop; whatever fails is logged and tried again."""
        maintained = float("-inf")
        while not stopping.is_set():
            try:
                self.dispatch()
                if time.monotonic() - maintained >= self.maintenance_seconds:
                    self.maintain()
                    maintained = time.monotonic()
                self.redis.blpop([self.scope.wake], timeout=self._pause())
            except RedisError as error:
                log.warning("sweep failed", error=type(error).__name__)
                stopping.wait(min(self.sweep_seconds, 1))

    def dispatch(self) -> int:
        """Queue what is due, as far as the queue has room; gives how many jobs were put there."""
        room = LONGEST_QUEUE - self.queue.count
        if room <= 0:
            return 0
        items = tasks.claim(
            self.redis, self.scope, limit=room, again_after=self.requeue_seconds, together=self.together
        )
        for item in items:
            queueing.put(self.queue, item, function=self.function, seconds=self.job_seconds)
        return len(items)

    def _pause(self) -> float:
        due = tasks.next_due(self.redis, self.scope)
        return self.sweep_seconds if due is None else min(self.sweep_seconds, max(due, SHORTEST_PAUSE))

    def maintain(self) -> bool:
        """Clean up after dead workers; False when another sweeper is at it."""
        lasting = milliseconds(max(self.maintenance_seconds, STALE_SECONDS))
        if not self.redis.set(self.scope.sweep, self.owner, nx=True, px=lasting):
            return False
        try:
            self._free_cleaning_lock()
            StartedJobRegistry(queue=self.queue).cleanup()
            self._enqueue_scheduled()
        finally:
            scripts.run(self.redis, "release_lock", (self.scope.sweep,), (self.owner,))
        return True

    def _free_cleaning_lock(self) -> None:
        """A worker killed while it cleans keeps RQ's lock for 15 minutes, and nobody recovers its jobs."""
        left = self.redis.ttl(self.queue.registry_cleaning_key)
        if 0 <= left < CLEANING_LOCK_SECONDS - STALE_SECONDS:
            self.redis.delete(self.queue.registry_cleaning_key)
            log.warning("stale cleaning lock removed", seconds_left=left)

    def _enqueue_scheduled(self) -> None:
        scheduler = RQScheduler(
            [self.queue.name],
            connection=self.queue.connection,
            logging_level="WARNING",
            serializer=self.queue.serializer,
        )
        scheduler.acquire_locks()  # type: ignore[no-untyped-call]
        scheduler.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]
        scheduler.release_locks()  # type: ignore[no-untyped-call]
        scheduler.connection.close()
