"""One account for all workers: pace, windows, lanes, pauses."""

from __future__ import annotations

import dataclasses
import threading
import time
from itertools import pairwise

import pytest
from redis import Redis

from bot.errors import Postponed
from bot.ledger.budget import Budget, Lane, Limits
from bot.ledger.names import Scope

FAST = Limits(comments_per_second=100, comments_per_minute=3, comments_per_hour=5, checks_per_second=100)


def budget(
    redis: Redis, scope: Scope, limits: Limits, *, holder: str = "one", installation: int = 11
) -> Budget:
    return Budget(redis=redis, place=scope.place(installation), holder=holder, limits=limits)


def refused(one: Budget, lane: Lane) -> float:
    with pytest.raises(Postponed) as asked:
        one.enter(lane)
    return asked.value.seconds


def let_pass(redis: Redis, scope: Scope, seconds: float) -> None:
    """What was sent was sent so much earlier."""
    for key in redis.scan_iter(f"{scope.place(11)}sent:*"):
        for member in redis.zrange(key, 0, -1):
            redis.zincrby(key, -seconds * 1_000, str(member))


def test_two_workers_share_one_pace(redis: Redis, scope: Scope) -> None:
    limits = Limits(comments_per_second=5)
    times: list[float] = []

    def write(holder: str) -> None:
        own = dataclasses.replace(budget(redis, scope, limits), holder=holder)
        for _ in range(4):
            own.enter(Lane.COMMENTS)
            times.append(time.time())

    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    key = f"{scope.place(11)}sent:comments"
    sent = [float(str(member)) for member in redis.zrange(key, 0, -1)]
    assert len(sent) == len(times) == 8
    assert min(later - earlier for earlier, later in pairwise(sent)) >= 200
    assert all(at * 1_000 >= planned - 1 for at, planned in zip(sorted(times), sent, strict=True))


def test_check_runs_follow_at_once_and_no_second_has_too_many(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, Limits(checks_per_second=5))
    for _ in range(12):
        one.enter(Lane.CHECKS)
    sent = [float(str(member)) for member in redis.zrange(f"{scope.place(11)}sent:checks", 0, -1)]
    assert len(sent) == 12
    assert all(sent[later] - sent[later - 5] >= 1_000 for later in range(5, 12))
    assert sent[4] - sent[0] < 1_000


def test_slower_than_one_check_run_a_second(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, Limits(checks_per_second=0.5))
    one.enter(Lane.CHECKS)
    assert 1 < refused(one, Lane.CHECKS) <= 2


def test_nobody_waits_in_place_for_longer_than_a_second(redis: Redis, scope: Scope) -> None:
    slow = budget(redis, scope, Limits(comments_per_second=0.5))
    started = time.monotonic()
    slow.enter(Lane.COMMENTS)
    assert 1 < refused(slow, Lane.COMMENTS) <= 2
    assert time.monotonic() - started < 1


def test_who_asks_briefly_is_put_off_at_once(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, Limits(comments_per_second=1))
    one.enter(Lane.COMMENTS, briefly=True)
    with pytest.raises(Postponed) as asked:
        one.enter(Lane.COMMENTS, briefly=True)
    assert 0 < asked.value.seconds <= 1


def test_a_full_minute_and_a_full_hour_say_when_there_is_room(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, FAST)
    for _ in range(3):
        one.enter(Lane.COMMENTS)
    assert 55 < refused(one, Lane.COMMENTS) <= 60
    let_pass(redis, scope, 61)
    for _ in range(2):
        one.enter(Lane.COMMENTS)
    assert 3_500 < refused(one, Lane.COMMENTS) <= 3_540


def test_each_who_is_turned_away_is_promised_a_moment_of_its_own(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, FAST)
    for _ in range(3):
        one.enter(Lane.COMMENTS)
    waiting = [dataclasses.replace(one, holder=f"pull {number}") for number in range(3)]
    waits = [refused(each, Lane.COMMENTS) for each in waiting]
    assert waits == sorted(waits)
    assert min(later - earlier for earlier, later in pairwise(waits)) > 0
    assert waits[0] - 30 < refused(waiting[0], Lane.COMMENTS) <= waits[0]


def test_who_waited_goes_before_who_comes(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, FAST)
    for _ in range(3):
        one.enter(Lane.COMMENTS)
    waiting = dataclasses.replace(one, holder="waiting")
    refused(waiting, Lane.COMMENTS)
    let_pass(redis, scope, 59)
    assert redis.zrange(f"{scope.place(11)}promised:comments", 0, -1) == ["waiting"]
    redis.zincrby(f"{scope.place(11)}promised:comments", -59_500, "waiting")
    let_pass(redis, scope, 0.5)
    sent = redis.zcard(f"{scope.place(11)}sent:comments")
    waiting.enter(Lane.COMMENTS)
    assert redis.zcard(f"{scope.place(11)}sent:comments") == sent + 1
    assert redis.zcard(f"{scope.place(11)}promised:comments") == 0


def test_lanes_and_installations_do_not_hold_each_other_up(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, FAST)
    for _ in range(3):
        one.enter(Lane.COMMENTS)
    refused(one, Lane.COMMENTS)
    one.enter(Lane.CHECKS)
    one.enter(Lane.READS)
    budget(redis, scope, FAST, installation=12).enter(Lane.COMMENTS)
    keys = [str(key) for key in redis.scan_iter(f"*{scope.host}/{scope.app}/*")]
    assert all(key.startswith((scope.place(11), scope.place(12))) for key in keys)


def test_reads_leave_points_for_comments_and_these_for_check_runs(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, Limits(points_per_minute=100, comments_per_second=100, checks_per_second=100))
    for lane, fitting in ((Lane.READS, 60), (Lane.COMMENTS, 4), (Lane.CHECKS, 4)):
        for _ in range(fitting):
            one.enter(lane)
        assert 0 < refused(one, lane) <= 61
    assert sum(int(points) for points in redis.hvals(f"{scope.place(11)}points")) == 100


def test_a_pause_is_everybodys_and_is_never_cut_short(redis: Redis, scope: Scope) -> None:
    one = budget(redis, scope, FAST)
    assert one.pause(40, said=True) == 40
    assert 39 < one.pause(1, said=True) <= 40
    other = dataclasses.replace(one, holder="other")
    assert [39 < refused(other, lane) <= 40 for lane in Lane] == [True] * 3
    budget(redis, scope, FAST, installation=12).enter(Lane.COMMENTS)
    assert one.pause(7_200, said=True) == 7_200


def test_a_pause_that_github_put_no_time_to_doubles_with_every_further_limit(
    redis: Redis, scope: Scope
) -> None:
    one = budget(redis, scope, FAST)
    waits = []
    for _ in range(8):
        waits.append(one.pause(60, said=False))
        redis.delete(f"{scope.place(11)}pause")
    assert waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]
    one.pause(60, said=False)
    assert one.pause(60, said=False) == pytest.approx(3_600, abs=5)
    redis.delete(f"{scope.place(11)}pause", f"{scope.place(11)}strikes")
    assert one.pause(60, said=False) == 60
