"""Installations take turns, none has more than its share under way, and none is asked for in its pause."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from redis import Redis

from bot.ledger import intake, lease, names, tasks
from bot.ledger.budget import Budget
from bot.ledger.names import Scope
from bot.triggers import PullRequestKey, ReviewRequest


def want(redis: Redis, scope: Scope, installation: int, number: int) -> str:
    key = PullRequestKey(scope.host, scope.app, installation, 22, number)
    attempt = f"{installation}-{number}-{time.monotonic_ns()}"
    intake.want(
        redis,
        ReviewRequest(key=key, owner="o", name="r", head=None, reason="pull_request.opened", attempt=attempt),
    )
    return names.item_of(key)


def claim(redis: Redis, scope: Scope, *, limit: int = 64, together: int = 2, again: float = 60) -> list[int]:
    """The installations of what is claimed."""
    items = tasks.claim(redis, scope, limit=limit, again_after=again, together=together)
    return [names.key_of(item).installation for item in items]


def done(redis: Redis, item: str) -> None:
    held = lease.take(redis, item, seconds=30)
    assert held is not None
    while (task := tasks.next_task(held)) is not None:
        tasks.finish(held, task)


def test_a_flood_leaves_the_others_their_turn(redis: Redis, scope: Scope) -> None:
    for number in range(50):
        want(redis, scope, 1, number)
    for installation in (2, 3):
        want(redis, scope, installation, 1)
    assert claim(redis, scope) == [1, 2, 3, 1]
    assert claim(redis, scope) == []


def test_who_was_served_longest_ago_comes_first(redis: Redis, scope: Scope) -> None:
    for number in range(4):
        for installation in (1, 2, 3):
            want(redis, scope, installation, number)
    turns = [claim(redis, scope, limit=1, together=4) for _ in range(6)]
    assert turns == [[1], [2], [3], [1], [2], [3]]


def test_room_is_given_back_at_the_end_and_wakes_the_dispatcher(redis: Redis, scope: Scope) -> None:
    items = [want(redis, scope, 1, number) for number in range(3)]
    first = tasks.claim(redis, scope, limit=64, again_after=60)
    assert first == tuple(items[:2])
    redis.delete(scope.wake)
    done(redis, first[0])
    assert redis.llen(scope.wake) == 1
    assert tasks.claim(redis, scope, limit=64, again_after=60) == (items[2],)


def test_room_is_given_back_by_what_is_put_off(redis: Redis, scope: Scope) -> None:
    items = [want(redis, scope, 1, number) for number in range(2)]
    assert tasks.claim(redis, scope, limit=64, again_after=60, together=1) == (items[0],)
    held = lease.take(redis, items[0], seconds=30)
    assert held is not None
    task = tasks.next_task(held)
    assert task is not None
    tasks.wait(held, task, seconds=600)
    assert tasks.claim(redis, scope, limit=64, again_after=60, together=1) == (items[1],)


def test_a_worker_that_died_does_not_keep_its_place(redis: Redis, scope: Scope) -> None:
    one, other = (want(redis, scope, 1, number) for number in range(2))
    assert tasks.claim(redis, scope, limit=64, again_after=0.1, together=1) == (one,)
    assert lease.take(redis, one, seconds=5) is not None
    time.sleep(0.2)
    assert tasks.claim(redis, scope, limit=64, again_after=0.1, together=1) == ()
    redis.pexpire(names.lease_of(one), 1)
    redis.zadd(scope.running, {one: 1})
    time.sleep(0.01)
    assert tasks.claim(redis, scope, limit=64, again_after=60, together=1) == (other,)


def test_pushes_to_what_is_queued_do_not_lengthen_the_queue(redis: Redis, scope: Scope) -> None:
    item = want(redis, scope, 1, 1)
    assert claim(redis, scope) == [1]
    for _ in range(50):
        assert want(redis, scope, 1, 1) == item
        assert claim(redis, scope) == []


def test_nothing_is_claimed_for_an_installation_in_its_pause(redis: Redis, scope: Scope) -> None:
    want(redis, scope, 1, 1)
    want(redis, scope, 2, 1)
    Budget(redis=redis, place=scope.place(1), holder="any").pause(1.5, said=True)
    assert claim(redis, scope) == [2]
    want(redis, scope, 1, 1)
    want(redis, scope, 1, 2)
    assert claim(redis, scope) == []
    assert 0 < (tasks.next_due(redis, scope) or 0) <= 1.5
    redis.delete(f"{scope.place(1)}pause")
    time.sleep(1.6)
    assert claim(redis, scope) == [1, 1]


@pytest.mark.parametrize("installations", [1, 40])
def test_ten_thousand_wishes_do_not_hold_redis_up(redis: Redis, scope: Scope, installations: int) -> None:
    with redis.pipeline(transaction=False) as pipeline:
        for number in range(10_000):
            item = f"{scope.host}/{scope.app}/{number % installations + 1}/22/pull/{number}"
            pipeline.zadd(scope.work, {item: number})
        pipeline.execute()
    want(redis, scope, 99, 1)
    while claim(redis, scope):
        pass
    started = time.monotonic()
    found = [claim(redis, scope) for _ in range(20)]
    seconds = (time.monotonic() - started) / len(found)
    assert not any(found)
    under_way = [str(item) for item in redis.zrange(scope.running, 0, -1)]
    shares = Counter(names.key_of(item).installation for item in under_way)
    assert shares.pop(99) == 1
    assert max(shares.values()) <= 2
    assert seconds < 0.5, "Redis does nothing else meanwhile"
