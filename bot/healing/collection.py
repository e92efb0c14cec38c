"""What a worker's host keeps of repositories, collected: mirrors and remembered facts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog
from redis import Redis
from redis.exceptions import RedisError

import rules
from bot.ledger import departures
from bot.ledger.names import Scope
from bot.repository.collection import Room, collect
from bot.repository.snapshot import Repositories

log = structlog.get_logger(__name__)

DAY_SECONDS = 86_400


@dataclass(slots=True, kw_only=True)
class Collector:
    """Collects at most every `pause` seconds. `redis` gives texts; what is unused for `days` goes."""

    redis: Redis
    scope: Scope
    repositories: Repositories
    facts: rules.FactCache
    room: Room
    days: int
    pause: float
    _next: float = field(default=float("-inf"))

    def __call__(self) -> None:
        """Collect, if it is time. Never raises: what stays is collected another time."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.pause
        try:
            gone = collect(self.repositories.folder, self.room, departures.departed(self.redis, self.scope))
            self.facts.expire(self.days)
        except (OSError, RedisError) as error:
            log.warning("not collected", error=type(error).__name__)
            return
        if gone:
            log.info("mirrors deleted", repositories=gone)
