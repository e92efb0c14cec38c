"""Recording what is wanted: one atomic call, after which Redis answers for it."""

from __future__ import annotations

import enum

import msgspec
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from bot.app_changes import AppChange
from bot.ledger import names, scripts
from bot.ledger.names import Scope
from bot.ledger.retention import DELIVERY_MILLISECONDS, ITEM_MILLISECONDS
from bot.triggers import CommandRequest, GroupRequest, LookupBySha, ReviewRequest, Wanted


class Recorded(enum.StrEnum):
    """What recording found: something new, a repetition of pending work, or one of work that is done."""

    RECORDED = "recorded"
    KNOWN = "known"
    DONE = "done"


class Call(msgspec.Struct, frozen=True):
    """One script call."""

    script: str
    keys: tuple[str, ...]
    args: tuple[str | int, ...]


def call(guid: str, wanted: Wanted | AppChange, *, coalesce_seconds: float = 0) -> Call:
    """The one call that records a delivery and what it wants.

    Pushes within `coalesce_seconds` of each other count as one, but for the first; 0: each is due at once.
    """
    if isinstance(wanted, AppChange):
        place = Scope(wanted.host, wanted.app)
        document = msgspec.json.encode(wanted).decode()
        return Call("record_change", (place.delivery(guid), place.changes), (document, DELIVERY_MILLISECONDS))
    scope, item = names.scope_of(wanted.key), names.item_of(wanted.key)
    delivery = scope.delivery(guid)
    document = msgspec.json.encode(wanted).decode()
    if isinstance(wanted, CommandRequest):
        keys = (delivery, names.commands_of(item), names.answered_of(item), scope.work, scope.wake)
        args = (item, wanted.comment_id, document, DELIVERY_MILLISECONDS, ITEM_MILLISECONDS)
        return Call("record_command", keys, args)
    fresh = "1" if isinstance(wanted, ReviewRequest) and wanted.fresh else ""
    request_keys = (delivery, names.state_of(item), scope.work, scope.wake)
    pushed = isinstance(wanted, ReviewRequest) and not wanted.fresh
    window = round(coalesce_seconds * 1_000) if pushed else 0
    request_args = (item, document, fresh, DELIVERY_MILLISECONDS, ITEM_MILLISECONDS, window)
    return Call("record_request", request_keys, request_args)


async def record(
    redis: AsyncRedis, guid: str, wanted: Wanted | AppChange, *, coalesce_seconds: float = 0
) -> Recorded:
    """Record a delivery; when this returns, Redis has it. Raises `RedisError` when it has not."""
    recording = call(guid, wanted, coalesce_seconds=coalesce_seconds)
    script = redis.register_script(scripts.text(recording.script))
    return Recorded(str(await script(keys=list(recording.keys), args=list(recording.args))))


def want(redis: Redis, request: ReviewRequest | LookupBySha | GroupRequest) -> Recorded:
    """Ask for a review from within a worker (a command, a commit looked up).

    Asking again with the same `attempt` raises nothing twice.
    """
    guid = f"{request.attempt}/{names.item_of(request.key)}"
    recording = call(guid, request)
    return Recorded(str(scripts.run(redis, recording.script, recording.keys, recording.args)))
