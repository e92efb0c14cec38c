"""Where an item stands: is there work, and does somebody do it."""

from __future__ import annotations

import time

import msgspec
from redis import Redis

from bot.ledger import names


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`pending`: something is wanted and not done. `leased`: a worker is at it."""

    pending: bool
    leased: bool

    @property
    def idle(self) -> bool:
        """Whether nothing is under way and nothing will be."""
        return not self.pending and not self.leased


def standing(redis: Redis, item: str) -> Standing:
    """How the item stands now."""
    with redis.pipeline() as pipeline:
        pipeline.hmget(names.state_of(item), ["wanted", "done"])
        pipeline.hlen(names.commands_of(item))
        pipeline.exists(names.lease_of(item))
        (wanted, done), commands, leased = pipeline.execute()
    return Standing(pending=int(wanted or 0) > int(done or 0) or commands > 0, leased=bool(leased))


def keep_listed(redis: Redis, item: str) -> bool:
    """See to it that pending work is in the list of what is due; whether it was missing there."""
    work = names.scope_of(names.key_of(item)).work
    return bool(redis.zadd(work, {item: round(time.time() * 1_000)}, nx=True))
