"""Which commits of a pull request may still carry an open check run: kept where another worker can see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redis import Redis

from bot.ledger.names import Scope
from bot.ledger.retention import ITEM_MILLISECONDS


@dataclass(frozen=True, slots=True)
class OpenRuns:
    """The commits, by head sha, of one item of the ledger. A cache: what is open is read from GitHub."""

    redis: Redis
    item: str

    def add(self, sha: str) -> None:
        """A check run is about to be made on this commit."""
        with self.redis.pipeline() as pipeline:
            pipeline.sadd(self._key, sha)
            pipeline.pexpire(self._key, ITEM_MILLISECONDS)
            pipeline.execute()

    def remove(self, sha: str) -> None:
        """Nothing is open on this commit any more."""
        self.redis.srem(self._key, sha)

    def commits(self) -> frozenset[str]:
        """The commits to look at."""
        members = self.redis.smembers(self._key)
        return frozenset(member.decode() if isinstance(member, bytes) else member for member in members)

    @property
    def _key(self) -> str:
        return f"architect:{self.item}:open-runs"


def items_with_open_runs(redis: Redis, scope: Scope) -> Iterator[str]:
    """The pull requests of which a commit may carry an open run. `redis` gives texts."""
    prefix, suffix = "architect:", ":open-runs"
    for key in redis.scan_iter(f"*{suffix}", count=500):
        item = str(key).removeprefix(prefix).removesuffix(suffix)
        if item.startswith(f"{scope.host}/{scope.app}/"):
            yield item
