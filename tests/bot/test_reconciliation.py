from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from bot.demo.github.administration import Administrator
from bot.demo.github.faults import Fault
from bot.healing.look import Terms
from bot.healing.reconciliation import Allowance, Reconciliation
from bot.ledger import lease, names
from bot.ledger.standing import standing
from bot.open_runs import OpenRuns
from tests.bot.healed import heal, healer, pending, scope, settled, wipe
from tests.bot.reviewed import World, ended, world

pytestmark = pytest.mark.thorough

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def test_a_pull_request_that_nobody_told_of_is_reviewed_once(place: World) -> None:
    settled(place)
    heal(place)
    assert pending(place)
    place.drain()
    heal(place)
    assert not pending(place)
    assert ended(place) == [("completed", "failure")]


def test_a_delivery_may_take_its_time(place: World) -> None:
    settled(place)
    heal(place, grace=600)
    assert not pending(place)


def test_what_is_wanted_or_under_way_is_left_alone(place: World) -> None:
    settled(place)
    item = names.item_of(place.key)
    held = lease.take(place.redis, item, seconds=60)
    heal(place)
    assert held is not None
    assert not pending(place)


def test_pending_work_that_is_in_no_list_is_listed_again(place: World) -> None:
    settled(place)
    heal(place)
    item = names.item_of(place.key)
    place.redis.delete(scope(place).work)
    heal(place)
    assert place.redis.zrange(scope(place).work, 0, -1) == [item]
    assert place.redis.hget(names.state_of(item), "wanted") == "1"


@pytest.mark.thorough
def test_a_check_run_that_nobody_will_end_is_taken_up(place: World) -> None:
    settled(place)
    connection = place.connection()
    external = f"ba1:{place.repository.id}:{place.pull.number}:{place.pull.base_sha[:12]}:lost"
    body = {
        "name": "Backend Architect",
        "head_sha": place.pull.head_sha,
        "external_id": external,
        "status": "in_progress",
    }
    with connection:
        connection.send("POST", "/check-runs", body)
    heal(place)
    assert not pending(place)
    heal(place, patience=0)
    place.drain()
    assert ended(place) == [("completed", "failure")]
    heal(place, patience=0)
    assert not pending(place)


@pytest.mark.thorough
@pytest.mark.parametrize("version", ["ba0", "ba1", "ba27"])
def test_another_version_of_ours_has_reviewed_it_and_a_push_goes_on(place: World, version: str) -> None:
    settled(place)
    external = f"{version}:{place.repository.id}:{place.pull.number}:other:lost"
    body = {
        "name": "Backend Architect",
        "head_sha": place.pull.head_sha,
        "external_id": external,
        "status": "completed",
        "conclusion": "success",
    }
    with place.connection() as connection:
        connection.send("POST", "/check-runs", body)
    heal(place)
    assert not pending(place)
    place.push({"app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"})
    heal(place)
    place.drain()
    assert ended(place)[-1][0] == "completed"


@pytest.mark.thorough
def test_another_pull_request_with_the_same_head_is_not_mistaken_for_this_one(place: World) -> None:
    settled(place)
    place.review()
    place.github.push(place.repository, "release", {"extra.txt": "x"}, "release")
    twin = place.github.open_pull_request(
        place.repository, "feature", title="Once more", base_branch="release"
    )
    heal(place)
    item = names.item_of(msgspec.structs.replace(place.key, number=twin.number))
    assert twin.head_sha == place.pull.head_sha
    assert standing(place.redis, item).pending
    assert not pending(place)


def test_a_wiped_redis_is_rebuilt_within_one_sweep(place: World) -> None:
    place.review()
    first = place.pull.head_sha
    body = {
        "name": "Backend Architect",
        "head_sha": first,
        "external_id": f"ba1:{place.repository.id}:{place.pull.number}:x:killed",
        "status": "in_progress",
    }
    with place.connection() as connection:
        connection.send("POST", "/check-runs", body)
    place.push({"app/other.py": "X = 1\n"})
    wipe(place)
    heal(place)
    place.drain()
    assert ended(place) == [("completed", "failure")]
    with place.github.state.lock:
        runs = [run for run in place.github.state.runs.values() if run.head_sha == first]
    assert [(run.status, run.conclusion) for run in runs] == [
        ("completed", "failure"),
        ("completed", "cancelled"),
    ]
    assert len(place.github.review_comments(place.pull)) == 1
    assert place.redis.exists(scope(place).alive)


@pytest.mark.thorough
def test_a_wiped_redis_leaves_nothing_open_on_a_closed_pull_request(place: World) -> None:
    body = {
        "name": "Backend Architect",
        "head_sha": place.pull.head_sha,
        "external_id": f"ba1:{place.repository.id}:{place.pull.number}:x:killed",
        "status": "queued",
    }
    with place.connection() as connection:
        connection.send("POST", "/check-runs", body)
    place.github.person("author").close(place.pull)
    heal(place)
    place.drain()
    assert ended(place) == [("completed", "cancelled")]


@pytest.mark.thorough
def test_nothing_is_reviewed_twice_after_a_wipe(place: World) -> None:
    place.review()
    wipe(place)
    heal(place)
    assert not pending(place)


@pytest.mark.thorough
def test_open_runs_that_a_worker_left_behind_are_ended(place: World) -> None:
    settled(place)
    place.review()
    connection = place.connection()
    left = place.pull.head_sha
    place.push({"app/other.py": "X = 1\n"})
    place.review("delivery-2")
    body = {
        "name": "Backend Architect",
        "head_sha": left,
        "external_id": f"ba1:{place.repository.id}:{place.pull.number}:x:paused",
        "status": "in_progress",
    }
    with connection:
        connection.send("POST", "/check-runs", body)
    OpenRuns(place.redis, names.item_of(place.key)).add(left)
    heal(place)
    place.drain()
    with place.github.state.lock:
        unfinished = [run for run in place.github.state.runs.values() if run.status != "completed"]
    assert unfinished == []
    heal(place)
    assert not pending(place)


def reconciliation(place: World) -> Reconciliation:
    terms = Terms(patience=HOUR, grace=datetime.timedelta())
    return Reconciliation(app=place.reviewer.services.app, redis=place.redis, scope=scope(place), terms=terms)


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@pytest.mark.thorough
def test_a_look_that_cost_enough_is_continued_by_the_next(place: World) -> None:
    others = []
    for name in ("globex/one", "globex/two", "umbrella/three"):
        repository = place.github.create_repository(name)
        place.github.push(repository, "main", {"a.txt": "1"}, "start")
        place.github.push(repository, "feature", {"a.txt": "2"}, "change")
        place.github.install(place.app, repository)
        place.github.open_pull_request(repository, "feature", title="Change")
        others.append(repository)
    looked = []
    for _ in range(4):
        before = set(place.redis.zrange(scope(place).work, 0, -1))
        reconciliation(place).sweep(now(), Allowance(1))
        looked.append(len(set(place.redis.zrange(scope(place).work, 0, -1)) - before))
    assert looked == [1, 1, 1, 1]


def test_every_installation_is_asked_with_its_own_token(place: World) -> None:
    repository = place.github.create_repository("globex/shop")
    place.github.push(repository, "main", {"a.txt": "1"}, "start")
    other = place.github.install(place.app, repository)
    reconciliation(place).sweep(now(), Allowance(None))
    for installation, name in ((place.installation, "acme/shop"), (other, "globex/shop")):
        entries = place.github.log.entries("GET", f"/repos/{name}/")
        assert {entry.installation for entry in entries} == {installation.id}


def test_one_installation_that_is_out_of_reach_holds_nobody_up(place: World) -> None:
    repository = place.github.create_repository("aaa/first")
    place.github.push(repository, "main", {"a.txt": "1"}, "start")
    suspended = place.github.install(place.app, repository)
    administrator = Administrator(state=place.github.state, hub=place.github.hub)
    administrator.suspend(suspended)
    assert reconciliation(place).sweep(now(), Allowance(None))
    assert pending(place)


def test_a_rebuild_goes_on_with_what_could_not_be_looked_at(place: World) -> None:
    repository = place.github.create_repository("zzz/last")
    place.github.push(repository, "main", {"a.txt": "1"}, "start")
    limited = place.github.install(place.app, repository)
    tokens = f"/app/installations/{limited.id}/access_tokens"
    place.github.faults.next("POST", tokens, Fault.RETRY_AFTER, seconds=30)
    heal(place, reconciliation=3_600)
    assert not place.redis.exists(scope(place).alive)
    assert place.redis.smembers(scope(place).rebuilt) == {str(place.installation.id)}
    place.redis.delete(scope(place).step("rebuild"))
    looked = len(place.github.log.entries("GET", "/repos/acme/shop/pulls"))
    assert healer(place).heal()
    assert place.redis.exists(scope(place).alive)
    assert len(place.github.log.entries("GET", "/repos/acme/shop/pulls")) == looked


@pytest.mark.thorough
def test_a_head_that_was_seen_reviewed_costs_one_question(place: World) -> None:
    settled(place)
    place.review()
    heal(place)
    asked = len(place.github.log.entries("GET", "/check-runs"))
    heal(place)
    assert len(place.github.log.entries("GET", "/check-runs")) == asked
