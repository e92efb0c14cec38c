from __future__ import annotations

import pytest
from redis import Redis

from bot.errors import LeaseLost
from bot.ledger import departures, intake, lease, names, scripts
from bot.ledger.fence import Fence
from bot.ledger.names import Scope
from bot.triggers import CommandRequest, PullRequestKey, ReviewRequest


def key(scope: Scope, installation: int, repository: int, number: int = 7) -> PullRequestKey:
    return PullRequestKey(scope.host, scope.app, installation, repository, number)


def fill(redis: Redis, key: PullRequestKey) -> str:
    """A wanted review, a pending command and a remembered head."""
    request = ReviewRequest(key=key, owner="o", name="r", head=None, reason="x.y", attempt=f"a{key.number}")
    intake.want(redis, request)
    command = CommandRequest(
        key=key,
        owner="o",
        name="r",
        comment_id=5,
        comment_kind="issue",
        author="ada",
        line="/architect help",
    )
    call = intake.call(f"guid-{key.repository}", command)
    scripts.run(redis, call.script, call.keys, call.args)
    redis.hset(Scope(key.host, key.app).heads(key.installation, key.repository), "7", "a" * 40)
    return names.item_of(key)


def test_what_left_is_forgotten_and_nothing_else(redis: Redis, scope: Scope) -> None:
    gone = [fill(redis, key(scope, 11, 22)), fill(redis, key(scope, 11, 23))]
    neighbours = [key(scope, 11, 222), key(scope, 111, 22), key(Scope(scope.host, f"{scope.app}1"), 11, 22)]
    kept = [fill(redis, each) for each in neighbours]
    before = {each: redis.exists(names.state_of(each)) for each in kept}
    assert departures.forget(redis, scope, 11, 22) == {22}
    assert departures.forget(redis, scope, 11, 23) == {23}
    assert [item for item in gone if redis.exists(names.state_of(item), names.commands_of(item))] == []
    assert {each: redis.exists(names.state_of(each)) for each in kept} == before
    assert set(redis.zrange(scope.work, 0, -1)) == set(kept[:2])
    assert departures.forget(redis, scope, 11) == {222}
    assert set(redis.zrange(scope.work, 0, -1)) == {kept[1]}
    assert departures.held_installations(redis, scope) == {111}


def test_a_worker_on_what_left_writes_nothing_more(redis: Redis, scope: Scope) -> None:
    item = fill(redis, key(scope, 11, 22))
    held = lease.take(redis, item, seconds=60)
    assert held is not None
    fence = Fence(redis=redis, item=item, token=held.token)
    fence.check()
    departures.forget(redis, scope, 11)
    with pytest.raises(LeaseLost):
        fence.check()
    with pytest.raises(LeaseLost):
        fence.check_lease()
