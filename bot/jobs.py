"""The job: take the item's lease, do what is wanted now, mark it done, until nothing is left.

RQ runs a job at least once, and twice when a worker dies at the wrong moment: here that is harmless,
because the lease lets one worker in and the ledger knows what is done.
"""

from __future__ import annotations

import gc
import importlib
from typing import Protocol

import msgspec
import structlog
from redis import Redis
from redis.exceptions import RedisError

import rules
from bot import settings
from bot.errors import LeaseLost, Postponed, Superseded
from bot.ledger import intake, lease, names, tasks
from bot.ledger.fence import Fence
from bot.ledger.lease import Lease
from bot.ledger.names import Scope
from bot.ledger.tasks import Task
from bot.measurements import TASKS, collecting, count, timed
from bot.metrics import totals
from bot.triggers import CommandRequest, GroupRequest, LookupBySha, ReviewRequest, Wanted

log = structlog.get_logger(__name__)


class Reviewer(Protocol):
    """Who does the work. Each may raise `Superseded`, `LeaseLost` or `Postponed`; all else is a failure."""

    def review(self, request: ReviewRequest, fence: Fence) -> object:
        """Review a pull request and show the result."""

    def command(self, request: CommandRequest, fence: Fence) -> ReviewRequest | None:
        """Obey a slash command; gives the review that it asks for, if it does."""

    def group(self, request: GroupRequest, fence: Fence) -> object:
        """Review a merge group and show the result."""

    def lookup(self, request: LookupBySha) -> tuple[ReviewRequest | GroupRequest, ...]:
        """The reviews that a re-run of a commit means: of each open pull request or merge group it heads."""

    def give_up(self, wanted: Wanted, fence: Fence, reason: str) -> object:
        """Say on the pull request that this was tried often and failed, and leave nothing in progress."""


GIVE_UP_TRIES = 400
"""How often giving up itself is tried: with the longest pause shipped, nearly the three days that GitHub
keeps deliveries, so that no outage of GitHub leaves a check run in progress."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """`lease_seconds`: see `Lease`. `retry_seconds`: the pause after each failed try but the last."""

    lease_seconds: float
    retry_seconds: tuple[float, ...]

    @property
    def tries(self) -> int:
        """How often a task is tried before it is given up."""
        return len(self.retry_seconds) + 1


def warm() -> None:
    """Import what every job needs, so that the forked processes need not."""
    importlib.import_module("bot.reviewer")
    rules.warm()
    gc.freeze()


def work(item: str) -> None:
    """The job that stands in the queue. Raises ValueError for an item of another App or GitHub."""
    chosen = settings.load()
    key = names.key_of(item)
    if names.scope_of(key) != Scope(chosen.github_host, chosen.github_app_id):
        raise ValueError(f"this worker serves {chosen.github_host}/{chosen.github_app_id}, not {item}")
    from bot.reviewer import reviewer

    policy = Policy(lease_seconds=chosen.lease_seconds, retry_seconds=chosen.retry_seconds)
    with Redis.from_url(chosen.redis_url, decode_responses=True) as redis, collecting() as measured:
        try:
            drain(redis, item, reviewer(chosen), policy)
        finally:
            totals.add(redis, names.scope_of(key), key.installation, measured)


def drain(redis: Redis, item: str, reviewer: Reviewer, policy: Policy) -> None:
    """Do all the work that there is for `item`, unless somebody else is at it: they will see it too."""
    held = lease.take(redis, item, seconds=policy.lease_seconds)
    if held is None:
        return
    with structlog.contextvars.bound_contextvars(item=item), lease.kept(held):
        try:
            while (task := tasks.next_task(held)) is not None:
                if not _settled(held, task, reviewer, policy):
                    return
        except LeaseLost:
            log.warning("lease lost")


def _settled(held: Lease, task: Task, reviewer: Reviewer, policy: Policy) -> bool:
    """Whether to go on with the item's next task; False when the lease was released for later."""
    with structlog.contextvars.bound_contextvars(delivery=task.wanted.attempt):
        return _tried(held, task, reviewer, policy)


def _tried(held: Lease, task: Task, reviewer: Reviewer, policy: Policy) -> bool:
    if task.tries > policy.tries:
        return _given_up(held, task, reviewer, policy, "no try came to its end")
    try:
        _do(held, task, reviewer)
    except Superseded as error:
        count(TASKS, "superseded")
        if _newer_wanted(held, task):
            log.info("superseded", generation=task.generation)
            return True
        return _failed(held, task, reviewer, policy, error)
    except Postponed as asked:
        count(TASKS, "postponed")
        log.info("postponed", seconds=asked.seconds, reason=asked.reason)
        tasks.wait(held, task, seconds=asked.seconds)
        return False
    except (LeaseLost, RedisError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted, logged and tried again
        return _failed(held, task, reviewer, policy, error)
    tasks.finish(held, task)
    count(TASKS, "finished")
    log.info("task done", tries=task.tries, generation=task.generation)
    return True


def _newer_wanted(held: Lease, task: Task) -> bool:
    """GitHub may know of a newer push before its delivery arrives: then there is nothing newer to do yet."""
    try:
        tasks.fence(held, task).check()
    except Superseded:
        return True
    return False


def _failed(held: Lease, task: Task, reviewer: Reviewer, policy: Policy, error: Exception) -> bool:
    count(TASKS, "failed")
    log.warning("try failed", tries=task.tries, generation=task.generation, exc_info=error)
    if task.tries >= policy.tries:
        return _given_up(held, task, reviewer, policy, type(error).__name__)
    tasks.retry_later(held, task, seconds=policy.retry_seconds[task.tries - 1])
    return False


def _do(held: Lease, task: Task, reviewer: Reviewer) -> None:
    fence = tasks.fence(held, task)
    match task.wanted:
        case ReviewRequest() as request:
            with timed("review"):
                reviewer.review(request, fence)
        case CommandRequest() as request:
            asked = reviewer.command(request, fence)
            if asked is not None:
                intake.want(held.redis, asked)
        case GroupRequest() as request:
            with timed("review"):
                reviewer.group(request, fence)
        case LookupBySha() as request:
            for found in reviewer.lookup(request):
                intake.want(held.redis, found)


def _given_up(held: Lease, task: Task, reviewer: Reviewer, policy: Policy, reason: str) -> bool:
    count(TASKS, "given-up")
    log.error("given up", tries=task.tries, generation=task.generation, reason=reason)
    try:
        reviewer.give_up(task.wanted, tasks.fence(held, task), reason)
    except Superseded:
        return True
    except Postponed as asked:
        log.info("giving up postponed", seconds=asked.seconds, reason=asked.reason)
        tasks.wait(held, task, seconds=asked.seconds)
        return False
    except (LeaseLost, RedisError):
        raise
    except Exception:
        log.exception("giving up failed", tries=task.tries)
        if task.tries < policy.tries + GIVE_UP_TRIES:
            tasks.retry_later(held, task, seconds=(policy.retry_seconds or (policy.lease_seconds,))[-1])
            return False
    tasks.bury(held, task, reason)
    return True
