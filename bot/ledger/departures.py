"""Letting go of what is out of reach: an installation that left, a repository taken from it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator

from redis import Redis

from bot.ledger.names import Scope
from bot.ledger.retention import ITEM_MILLISECONDS

_BATCH = 500


def forget(redis: Redis, scope: Scope, installation: int, repository: int | None = None) -> frozenset[int]:
    """Delete all that the ledger holds of it; gives the repositories of which there was something.

    The leases go too, so that a worker that is at it writes nothing more.
    """
    prefix = scope.place(installation, repository)
    items = [item for item in _work(redis, scope) if f"architect:{item}".startswith(prefix)]
    if items:
        redis.zrem(scope.work, *items)
        redis.zrem(scope.running, *items)
    keys = [key for key in _keys(redis, prefix) if key.startswith(prefix)]
    for start in range(0, len(keys), _BATCH):
        redis.unlink(*keys[start : start + _BATCH])
    own = scope.place(installation)
    found = {name.removeprefix(own).partition("/")[0] for name in keys}
    return frozenset(int(name) for name in found if name.isdigit())


def held_installations(redis: Redis, scope: Scope) -> frozenset[int]:
    """The installations of which the ledger holds something."""
    prefix = f"architect:{scope.host}/{scope.app}/"
    found = {key.removeprefix(prefix).split("/")[0] for key in _keys(redis, prefix)}
    return frozenset(int(name) for name in found if name.isdigit())


def mark_departed(redis: Redis, scope: Scope, repositories: Iterable[int]) -> None:
    """Tell every host to delete what it keeps of these repositories."""
    now = time.time()
    if marked := {str(repository): now for repository in repositories}:
        redis.zadd(scope.departed, marked)
    redis.zremrangebyscore(scope.departed, "-inf", now - ITEM_MILLISECONDS / 1_000)


def mark_returned(redis: Redis, scope: Scope, repositories: Iterable[int]) -> None:
    """What is kept of these repositories may stay."""
    if returned := [str(repository) for repository in repositories]:
        redis.zrem(scope.departed, *returned)


def departed(redis: Redis, scope: Scope) -> frozenset[int]:
    """The repositories of which no host should keep anything."""
    members = redis.zrange(scope.departed, 0, -1)
    return frozenset(int(str(member)) for member in members)


def _work(redis: Redis, scope: Scope) -> Iterator[str]:
    yield from (str(item) for item, _ in redis.zscan_iter(scope.work))


def _keys(redis: Redis, prefix: str) -> Iterator[str]:
    literal = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)
    yield from (str(key) for key in redis.scan_iter(f"{literal}*", count=_BATCH))
