"""The first push is due at once; what follows quickly is one."""

from __future__ import annotations

import time

import pytest
from redis import Redis

from bot.ledger import intake, lease, names, scripts, tasks
from bot.ledger.lease import Lease
from bot.ledger.names import Scope
from tests.bot.wanted import command, key, review

pytestmark = pytest.mark.thorough

LONG = 30.0


def push(redis: Redis, scope: Scope, name: str, *, fresh: bool = False, seconds: float = LONG) -> None:
    recording = intake.call(name, review(scope, name, fresh=fresh), coalesce_seconds=seconds)
    scripts.run(redis, recording.script, recording.keys, recording.args)


def due(redis: Redis, scope: Scope) -> tuple[str, ...]:
    return tasks.claim(redis, scope, limit=9, again_after=60)


def begun(redis: Redis, scope: Scope) -> tuple[Lease, tasks.Task]:
    held = lease.take(redis, names.item_of(key(scope)), seconds=30)
    assert held is not None
    task = tasks.next_task(held)
    assert task is not None
    return held, task


def test_the_first_push_is_due_at_once_and_the_next_after_a_while(redis: Redis, scope: Scope) -> None:
    push(redis, scope, "one")
    assert due(redis, scope) == (names.item_of(key(scope)),)
    held, task = begun(redis, scope)
    push(redis, scope, "two")
    tasks.finish(held, task)
    assert tasks.next_task(held) is None
    assert due(redis, scope) == ()
    assert LONG - 5 < (tasks.next_due(redis, scope) or 0) <= LONG
    assert lease.take(redis, held.item, seconds=1) is not None


def test_what_comes_before_the_first_is_begun_is_reviewed_with_it(redis: Redis, scope: Scope) -> None:
    for name in ("one", "two", "three"):
        push(redis, scope, name)
    assert len(due(redis, scope)) == 1
    push(redis, scope, "four")
    assert due(redis, scope) == ()
    held, task = begun(redis, scope)
    assert (task.generation, task.wanted) == (4, review(scope, "four"))
    tasks.finish(held, task)
    assert tasks.next_task(held) is None
    assert redis.zcard(scope.work) == 0


def test_pushes_without_a_pause_do_not_wait_for_ever(redis: Redis, scope: Scope) -> None:
    push(redis, scope, "one", seconds=0.5)
    held, task = begun(redis, scope)
    tasks.finish(held, task)
    assert tasks.next_task(held) is None
    started = time.monotonic()
    waits = []
    number = 0
    while not due(redis, scope):
        number += 1
        push(redis, scope, f"further-{number}", seconds=0.5)
        waits.append(tasks.next_due(redis, scope) or 0)
        assert time.monotonic() - started < 60
        time.sleep(0.05)
    assert time.monotonic() - started >= 0.5
    assert max(waits) <= 0.5
    assert redis.hget(names.state_of(held.item), "wanted") == str(number + 1)


def test_after_a_while_a_push_is_the_first_again(redis: Redis, scope: Scope) -> None:
    push(redis, scope, "one", seconds=0.1)
    held, task = begun(redis, scope)
    tasks.finish(held, task)
    time.sleep(0.15)
    push(redis, scope, "two", seconds=0.1)
    assert tasks.next_task(held) is not None


def test_what_a_person_asks_for_does_not_wait(redis: Redis, scope: Scope) -> None:
    push(redis, scope, "one")
    held, task = begun(redis, scope)
    push(redis, scope, "two")
    push(redis, scope, "rerun", fresh=True)
    tasks.finish(held, task)
    later = tasks.next_task(held)
    assert later is not None
    assert later.wanted == review(scope, "rerun", fresh=True)


def test_a_command_does_not_wait_for_pushes(redis: Redis, scope: Scope) -> None:
    push(redis, scope, "one")
    held, task = begun(redis, scope)
    push(redis, scope, "two")
    tasks.finish(held, task)
    assert tasks.next_task(held) is None
    recording = intake.call("comment", command(scope, 5))
    scripts.run(redis, recording.script, recording.keys, recording.args)
    assert due(redis, scope) == (held.item,)
    held, task = begun(redis, scope)
    assert task.wanted == command(scope, 5)
    tasks.finish(held, task)
    assert tasks.next_task(held) is None
    assert LONG - 5 < (tasks.next_due(redis, scope) or 0) <= LONG


def test_a_failed_try_gives_way_to_a_newer_push_when_that_is_due(redis: Redis, scope: Scope) -> None:
    push(redis, scope, "one")
    held, task = begun(redis, scope)
    push(redis, scope, "two")
    tasks.retry_later(held, task, seconds=600)
    assert LONG - 5 < (tasks.next_due(redis, scope) or 0) <= LONG
