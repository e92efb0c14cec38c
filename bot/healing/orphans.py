"""Check runs that a worker left open when it lost its lease: known from Redis, without asking GitHub."""

from __future__ import annotations

import hashlib

import msgspec
from redis import Redis

from bot.ledger import intake, names
from bot.ledger.intake import Recorded
from bot.ledger.names import Scope
from bot.ledger.standing import keep_listed, standing
from bot.open_runs import OpenRuns, items_with_open_runs
from bot.triggers import PullRequestKey, ReviewRequest


def adopt(redis: Redis, scope: Scope) -> int:
    """Want another look at what has open runs and nobody at work; gives how many."""
    found = [item for item in items_with_open_runs(redis, scope) if _adopted(redis, item)]
    return len(found)


def _adopted(redis: Redis, item: str) -> bool:
    held = standing(redis, item)
    if held.pending and not held.leased:
        keep_listed(redis, item)
    document = redis.hget(names.state_of(item), "request")
    key = names.key_of(item)
    if not held.idle or document is None or not isinstance(key, PullRequestKey):
        return False
    commits = ",".join(sorted(OpenRuns(redis, item).commits()))
    digest = hashlib.sha256(commits.encode()).hexdigest()[:16]
    last = msgspec.json.decode(document, type=ReviewRequest)
    request = msgspec.structs.replace(last, reason="reconciliation", attempt=f"orphan-{digest}", fresh=False)
    return intake.want(redis, request) is Recorded.RECORDED
