"""What is wanted, in short, for the tests of the ledger."""

from __future__ import annotations

from redis import Redis

from bot.ledger import lease, names
from bot.ledger.lease import Lease
from bot.ledger.names import Scope
from bot.triggers import CommandRequest, PullRequestKey, ReviewRequest


def key(scope: Scope, number: int = 7) -> PullRequestKey:
    return PullRequestKey(scope.host, scope.app, 11, 22, number)


def review(scope: Scope, attempt: str, *, fresh: bool = False, head: str = "a" * 40) -> ReviewRequest:
    return ReviewRequest(
        key=key(scope),
        owner="o",
        name="r",
        head=head,
        reason="pull_request.synchronize",
        attempt=attempt,
        fresh=fresh,
    )


def command(scope: Scope, comment: int) -> CommandRequest:
    return CommandRequest(
        key=key(scope),
        owner="o",
        name="r",
        comment_id=comment,
        comment_kind="issue",
        author="ada",
        line="/architect review",
    )


def taken(redis: Redis, scope: Scope, seconds: float = 30) -> Lease:
    held = lease.take(redis, names.item_of(key(scope)), seconds=seconds)
    assert held is not None
    return held
