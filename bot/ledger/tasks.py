"""Handing out work: which items are due, and what the holder of an item's lease should do next."""

from __future__ import annotations

import msgspec
from redis import Redis

from bot.errors import LeaseLost
from bot.ledger import names, scripts
from bot.ledger.fence import Fence
from bot.ledger.lease import Lease, milliseconds
from bot.ledger.names import Scope
from bot.ledger.retention import DEAD_LETTERS, ITEM_MILLISECONDS
from bot.triggers import (
    CommandRequest,
    CommitKey,
    GroupKey,
    GroupRequest,
    LookupBySha,
    ReviewRequest,
    Wanted,
)

TOGETHER = 2
"""How many pull requests of one installation are worked on at a time, if nobody says otherwise."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do under a lease. `tries` counts from 1; `generation` is None for a command."""

    wanted: Wanted
    tries: int
    generation: int | None

    @property
    def tries_field(self) -> str:
        """Where the state counts this task's tries."""
        return f"tries:{self.wanted.comment_id}" if isinstance(self.wanted, CommandRequest) else "tries"


def claim(
    redis: Redis, scope: Scope, *, limit: int, again_after: float, together: int = TOGETHER
) -> tuple[str, ...]:
    """Items that are due and without a worker, from each installation in turn.

    Each is due again after `again_after` seconds; of one installation at most `together` are under way.
    """
    args = (limit, milliseconds(again_after), together)
    return tuple(scripts.run(redis, "claim_due", (scope.work, scope.running, scope.served), args))


def next_due(redis: Redis, scope: Scope) -> float | None:
    """Seconds until something is due that is not due yet."""
    left = scripts.run(redis, "next_due", (scope.work,), ())
    return None if left is None else int(left) / 1_000


def next_task(lease: Lease) -> Task | None:
    """What to do now; None when nothing is left, and then the lease is released. Raises `LeaseLost`."""
    scope = names.scope_of(names.key_of(lease.item))
    keys = (
        *_state_and_lease(lease),
        names.commands_of(lease.item),
        scope.work,
        scope.running,
        scope.wake,
    )
    kind, *answer = scripts.run(lease.redis, "next_work", keys, (lease.token, lease.item))
    if kind == "lost":
        raise LeaseLost(lease.item)
    if kind == "idle":
        return None
    if kind == "command":
        _, document, tries = answer
        return Task(wanted=msgspec.json.decode(document, type=CommandRequest), tries=tries, generation=None)
    generation, document, tries, fresh = answer
    request = _request(lease.item, document, fresh=fresh)
    return Task(wanted=request, tries=tries, generation=int(generation))


def fence(lease: Lease, task: Task) -> Fence:
    """The fence for one task: reviews are superseded by newer requests, commands and lookups are not."""
    generation = task.generation if isinstance(task.wanted, ReviewRequest) else None
    return Fence(redis=lease.redis, item=lease.item, token=lease.token, generation=generation)


def finish(lease: Lease, task: Task) -> None:
    """Mark the task done. Raises `LeaseLost` if that is no longer ours to say."""
    if isinstance(task.wanted, CommandRequest):
        keys = (*_state_and_lease(lease), names.commands_of(lease.item), names.answered_of(lease.item))
        args = (lease.token, task.wanted.comment_id, ITEM_MILLISECONDS)
        finished = scripts.run(lease.redis, "finish_command", keys, args)
    else:
        generation = task.generation or 0
        finished = scripts.run(
            lease.redis, "finish_request", _state_and_lease(lease), (lease.token, generation)
        )
    if not finished:
        raise LeaseLost(lease.item)


def retry_later(lease: Lease, task: Task, *, seconds: float) -> None:
    """The task failed: try the item again after `seconds`, at once if something newer is wanted."""
    _postpone(lease, task, seconds=seconds, counted="1")


def wait(lease: Lease, task: Task, *, seconds: float) -> None:
    """GitHub said to wait: leave the task for `seconds`; that is not counted as a try.

    What is newer is not held up by that: where a whole installation must wait, its pause says so.
    """
    _postpone(lease, task, seconds=seconds, counted="0")


def bury(lease: Lease, task: Task, reason: str) -> None:
    """Give a task up: it is marked done and listed among the dead letters, with ids and reason alone."""
    scope = names.scope_of(names.key_of(lease.item))
    letter = {"item": lease.item, "generation": task.generation, "tries": task.tries, "reason": reason}
    pipeline = lease.redis.pipeline()
    pipeline.lpush(scope.dead, msgspec.json.encode(letter))
    pipeline.ltrim(scope.dead, 0, DEAD_LETTERS - 1)
    pipeline.execute()
    finish(lease, task)


def _postpone(lease: Lease, task: Task, *, seconds: float, counted: str) -> None:
    scope = names.scope_of(names.key_of(lease.item))
    generation = "" if task.generation is None else str(task.generation)
    args = (lease.token, lease.item, milliseconds(seconds), task.tries_field, counted, generation)
    keys = (*_state_and_lease(lease), scope.work, scope.running, scope.wake)
    if not scripts.run(lease.redis, "postpone", keys, args):
        raise LeaseLost(lease.item)


def _request(item: str, document: str, *, fresh: str) -> Wanted:
    key = names.key_of(item)
    if isinstance(key, CommitKey):
        return msgspec.json.decode(document, type=LookupBySha)
    if isinstance(key, GroupKey):
        return msgspec.json.decode(document, type=GroupRequest)
    request = msgspec.json.decode(document, type=ReviewRequest)
    return msgspec.structs.replace(request, fresh=fresh == "1")


def _state_and_lease(lease: Lease) -> tuple[str, str]:
    return names.state_of(lease.item), names.lease_of(lease.item)
