from __future__ import annotations

import asyncio
import time

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from bot.ledger import intake, lease, names, scripts, tasks
from bot.ledger.intake import Recorded
from bot.ledger.names import Scope
from bot.triggers import CommitKey, GroupKey
from tests.bot.wanted import command, key, review, taken


def test_an_item_is_named_and_read_back(scope: Scope) -> None:
    commit = CommitKey(scope.host, scope.app, 1, 2, "b" * 40)
    group = GroupKey(scope.host, scope.app, 1, 2, "b" * 40)
    for one in (key(scope), commit, group):
        assert names.key_of(names.item_of(one)) == one
    with pytest.raises(ValueError, match="not an item"):
        names.key_of("h/1/2/3/branch/4")
    with pytest.raises(ValueError, match="unpack"):
        names.key_of("nonsense")


def test_every_key_carries_host_app_installation_and_repository(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    taken(redis, scope)
    keys = [str(one) for one in redis.keys(f"*{scope.app}*")]
    assert len(keys) == 5
    assert all(one.startswith(f"architect:{scope.host}/{scope.app}") for one in keys)


def test_one_recording_makes_one_item_due(redis: Redis, scope: Scope) -> None:
    assert intake.want(redis, review(scope, "one")) is Recorded.RECORDED
    item = names.item_of(key(scope))
    assert tasks.claim(redis, scope, limit=9, again_after=60) == (item,)
    assert tasks.claim(redis, scope, limit=9, again_after=60) == ()
    assert redis.llen(scope.wake) == 1


def test_the_receiver_records_like_a_worker(redis: Redis, redis_url: str, scope: Scope) -> None:
    async def record() -> list[Recorded]:
        async with AsyncRedis.from_url(redis_url, decode_responses=True) as client:
            return [
                await intake.record(client, "guid-1", review(scope, "one")),
                await intake.record(client, "guid-2", command(scope, 5)),
                await intake.record(client, "guid-3", review(scope, "one")),
                await intake.record(client, "guid-4", command(scope, 5)),
            ]

    recorded = asyncio.run(record())
    assert recorded[:2] == [Recorded.RECORDED, Recorded.RECORDED]
    assert recorded[2:] == [Recorded.RECORDED, Recorded.KNOWN]
    assert redis.hget(names.state_of(names.item_of(key(scope))), "wanted") == "2"


def test_a_redelivery_raises_no_generation_until_it_is_done(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    assert intake.want(redis, review(scope, "one")) is Recorded.KNOWN
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    assert task.generation == 1
    assert intake.want(redis, review(scope, "one")) is Recorded.KNOWN
    tasks.finish(held, task)
    assert intake.want(redis, review(scope, "one")) is Recorded.DONE
    assert tasks.next_task(held) is None


def test_a_known_redelivery_makes_forgotten_work_due_again(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    redis.delete(scope.work)
    assert intake.want(redis, review(scope, "one")) is Recorded.KNOWN
    assert tasks.claim(redis, scope, limit=9, again_after=60) == (names.item_of(key(scope)),)


def test_an_old_delivery_counts_again_after_redis_forgot_the_item(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    redis.delete(names.state_of(names.item_of(key(scope))))
    assert intake.want(redis, review(scope, "one")) is Recorded.RECORDED
    task = tasks.next_task(taken(redis, scope))
    assert task is not None
    assert task.wanted == review(scope, "one")


def test_many_pushes_are_one_task_with_the_newest_head(redis: Redis, scope: Scope) -> None:
    for number in range(50):
        intake.want(redis, review(scope, f"push-{number}", head=f"{number:040d}"))
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    assert (task.generation, task.wanted) == (50, review(scope, "push-49", head=f"{49:040d}"))
    tasks.finish(held, task)
    assert tasks.next_task(held) is None


def test_a_wish_for_a_fresh_run_survives_a_later_push(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "rerun", fresh=True))
    intake.want(redis, review(scope, "push"))
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    assert task.wanted == review(scope, "push", fresh=True)
    tasks.finish(held, task)
    intake.want(redis, review(scope, "later"))
    later = tasks.next_task(held)
    assert later is not None
    assert later.wanted == review(scope, "later", fresh=False)


def test_commands_come_once_each_oldest_first_and_before_reviews(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    for comment in (100, 9, 100):
        recording = intake.call(f"guid-{comment}", command(scope, comment))
        scripts.run(redis, recording.script, recording.keys, recording.args)
    held = taken(redis, scope)
    order = []
    while (task := tasks.next_task(held)) is not None:
        order.append(task.wanted)
        tasks.fence(held, task).check()
        tasks.finish(held, task)
    assert order == [command(scope, 9), command(scope, 100), review(scope, "one")]
    recording = intake.call("guid-again", command(scope, 9))
    again = scripts.run(redis, recording.script, recording.keys, recording.args)
    assert again == "done"
    assert lease.take(redis, held.item, seconds=1) is not None


def test_a_failed_try_waits_and_is_counted(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    item = names.item_of(key(scope))
    for tries in (1, 2):
        held = taken(redis, scope)
        task = tasks.next_task(held)
        assert task is not None
        assert task.tries == tries
        tasks.retry_later(held, task, seconds=0.1)
        assert tasks.claim(redis, scope, limit=9, again_after=60) == ()
        time.sleep(0.15)
        assert tasks.claim(redis, scope, limit=9, again_after=60) == (item,)
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    tasks.wait(held, task, seconds=0.05)
    task = tasks.next_task(taken(redis, scope))
    assert task is not None
    assert task.tries == 3


def test_a_failed_try_does_not_delay_what_came_after_it(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    intake.want(redis, review(scope, "two"))
    tasks.retry_later(held, task, seconds=600)
    assert tasks.claim(redis, scope, limit=9, again_after=60) == (held.item,)
    newer = tasks.next_task(taken(redis, scope))
    assert newer is not None
    assert (newer.generation, newer.tries) == (2, 1)


def test_what_is_buried_is_done_and_listed_by_ids_alone(redis: Redis, scope: Scope) -> None:
    intake.want(redis, review(scope, "one"))
    held = taken(redis, scope)
    task = tasks.next_task(held)
    assert task is not None
    tasks.bury(held, task, "RuntimeError")
    assert tasks.next_task(held) is None
    letter = redis.lindex(scope.dead, 0)
    expected = f'{{"item":"{held.item}","generation":1,"tries":1,"reason":"RuntimeError"}}'
    assert letter == expected
