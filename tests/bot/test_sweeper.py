from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from bot.ledger import intake, lease, names
from bot.ledger.names import Scope
from bot.queue import open_queue
from bot.sweeper import LONGEST_QUEUE, Sweeper
from bot.triggers import PullRequestKey, ReviewRequest

MANY = 1_000


def want(redis: Redis, scope: Scope, number: int = 7) -> str:
    key = PullRequestKey(scope.host, scope.app, 11, 22, number)
    request = ReviewRequest(
        key=key, owner="o", name="r", head=None, reason="pull_request.opened", attempt=f"at-{number}"
    )
    intake.want(redis, request)
    return names.item_of(key)


@pytest.fixture
def sweeper(redis: Redis, redis_url: str, scope: Scope) -> Iterator[Sweeper]:
    with Redis.from_url(redis_url) as connection:
        yield Sweeper(
            redis=redis,
            queue=open_queue(connection, f"sweep-{scope.app}"),
            scope=scope,
            sweep_seconds=5,
            requeue_seconds=0.2,
            maintenance_seconds=60,
            job_seconds=30,
            together=MANY,
        )


def queued(sweeper: Sweeper) -> list[str]:
    return [job.args[0] for job in sweeper.queue.get_jobs()]


def test_due_items_are_queued_once_and_again_when_nobody_begins(
    redis: Redis, sweeper: Sweeper, scope: Scope
) -> None:
    item = want(redis, scope)
    assert (sweeper.dispatch(), sweeper.dispatch()) == (1, 0)
    assert queued(sweeper) == [item]
    time.sleep(0.25)
    assert sweeper.dispatch() == 1
    assert queued(sweeper) == [item, item]


def test_what_is_being_worked_on_is_not_queued(redis: Redis, sweeper: Sweeper, scope: Scope) -> None:
    item = want(redis, scope)
    assert lease.take(redis, item, seconds=30) is not None
    assert sweeper.dispatch() == 0


def test_a_full_queue_is_left_alone(redis: Redis, sweeper: Sweeper, scope: Scope) -> None:
    for number in range(LONGEST_QUEUE + 5):
        want(redis, scope, number)
    assert sweeper.dispatch() == LONGEST_QUEUE
    assert sweeper.dispatch() == 0
    sweeper.queue.pop_job_id()
    assert sweeper.dispatch() == 1


def test_another_apps_work_is_not_touched(redis: Redis, sweeper: Sweeper, scope: Scope) -> None:
    want(redis, Scope(scope.host, f"{scope.app}0"))
    want(redis, Scope("elsewhere", scope.app))
    assert sweeper.dispatch() == 0


@pytest.mark.parametrize(("seconds_left", "kept"), [(899, True), (845, True), (838, False), (1, False)])
def test_a_cleaning_lock_older_than_a_minute_is_removed(
    redis: Redis,
    sweeper: Sweeper,
    seconds_left: int,
    kept: bool,  # noqa: FBT001
) -> None:
    redis.set(sweeper.queue.registry_cleaning_key, "1", ex=seconds_left)
    assert sweeper.maintain()
    assert bool(redis.exists(sweeper.queue.registry_cleaning_key)) is kept


def test_one_sweeper_cleans_at_a_time_and_frees_only_its_own_lock(
    redis: Redis, sweeper: Sweeper, scope: Scope
) -> None:
    redis.set(scope.sweep, "another")
    assert not sweeper.maintain()
    assert redis.get(scope.sweep) == "another"
    redis.delete(scope.sweep)
    assert sweeper.maintain()
    assert redis.exists(scope.sweep) == 0


def test_work_wakes_it_before_its_pause_ends(redis: Redis, sweeper: Sweeper, scope: Scope) -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=sweeper.run, args=(stopping,))
    thread.start()
    try:
        time.sleep(0.3)
        started = time.monotonic()
        item = want(redis, scope)
        while queued(sweeper)[:1] != [item]:
            assert time.monotonic() - started < 3
            time.sleep(0.01)
    finally:
        stopping.set()
        redis.lpush(scope.wake, "1")
        thread.join(10)
    assert not thread.is_alive()
