from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from redis import Redis

from bot.errors import LeaseLost, Superseded
from bot.ledger import intake, lease, names, tasks
from bot.ledger.names import Scope
from bot.triggers import CommitKey, LookupBySha
from tests.bot.wanted import key, review, taken


def test_one_holder_at_a_time_and_tokens_rise(redis: Redis, scope: Scope) -> None:
    first = taken(redis, scope)
    assert lease.take(redis, first.item, seconds=30) is None
    assert tasks.next_task(first) is None
    second = taken(redis, scope)
    assert int(second.token.split(":")[0]) == int(first.token.split(":")[0]) + 1


def test_a_lease_that_ran_out_lets_the_next_in_and_the_old_holder_do_nothing(
    redis: Redis, scope: Scope
) -> None:
    intake.want(redis, review(scope, "one"))
    old = taken(redis, scope, seconds=0.05)
    task = tasks.next_task(old)
    assert task is not None
    fence = tasks.fence(old, task)
    fence.check()
    time.sleep(0.1)
    new = taken(redis, scope)
    assert not old.renew()
    forbidden: tuple[Callable[[], object], ...] = (
        fence.check,
        fence.check_lease,
        lambda: tasks.finish(old, task),
        lambda: tasks.retry_later(old, task, seconds=1),
        lambda: tasks.bury(old, task, "x"),
        lambda: tasks.next_task(old),
    )
    for act in forbidden:
        with pytest.raises(LeaseLost):
            act()
    again = tasks.next_task(new)
    assert again is not None
    assert (again.generation, again.tries) == (1, 2)


def test_a_newer_push_supersedes_the_fence_but_not_the_lease(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    fence = tasks.fence(held, task)
    fence.check()
    intake.want(redis, review(scope, "two"))
    with pytest.raises(Superseded):
        fence.check()
    fence.check_lease()
    newer = tasks.next_task(held)
    assert newer is not None
    assert newer.generation == 2
    tasks.fence(held, newer).check()


def test_redis_losing_everything_closes_the_fence(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    redis.delete(*redis.keys(f"*{scope.app}*"))
    intake.want(redis, review(scope, "two"))
    other = taken(redis, scope)
    assert other.token.split(":")[0] == held.token.split(":")[0]
    with pytest.raises(LeaseLost):
        tasks.fence(held, task).check()


def test_a_kept_lease_outlives_its_time(redis: Redis, scope: Scope) -> None:
    held = taken(redis, scope, seconds=1.5)
    with lease.kept(held):
        time.sleep(2.5)
        assert lease.take(redis, held.item, seconds=1) is None
    time.sleep(1.7)
    assert lease.take(redis, held.item, seconds=1) is not None


def test_a_lookup_is_not_superseded_by_another(redis: Redis, scope: Scope) -> None:
    def lookup(attempt: str) -> LookupBySha:
        commit = CommitKey(scope.host, scope.app, 11, 22, "c" * 40)
        return LookupBySha(key=commit, owner="o", name="r", reason="check_suite.rerequested", attempt=attempt)

    intake.want(redis, lookup("one"))
    held = lease.take(redis, names.item_of(lookup("one").key), seconds=30)
    assert held is not None
    task = tasks.next_task(held)
    assert task is not None
    assert task.wanted == lookup("one")
    intake.want(redis, lookup("two"))
    tasks.fence(held, task).check()


def test_leased_items_are_not_picked_until_the_lease_ends(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    held = taken(redis, scope, seconds=0.2)
    assert tasks.claim(redis, scope, limit=9, again_after=60) == ()
    time.sleep(0.25)
    assert tasks.claim(redis, scope, limit=9, again_after=60) == (held.item,)


def test_nothing_is_lost_between_the_last_look_and_the_release(
    redis: Redis, redis_url: str, scope: Scope
) -> None:
    pushes = 200
    seen: list[int] = []
    ended = threading.Event()

    def push() -> None:
        with Redis.from_url(redis_url, decode_responses=True) as client:
            for number in range(pushes):
                intake.want(client, review(scope, f"push-{number}"))
        ended.set()

    thread = threading.Thread(target=push)
    thread.start()
    item = names.item_of(key(scope))
    while not ended.is_set() or tasks.claim(redis, scope, limit=1, again_after=0.001):
        held = lease.take(redis, item, seconds=30)
        assert held is not None
        while (task := tasks.next_task(held)) is not None:
            assert task.generation is not None
            seen.append(task.generation)
            tasks.finish(held, task)
    thread.join()
    assert seen[-1] == pushes
    assert seen == sorted(set(seen))
    assert redis.zcard(scope.work) == 0
