from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.github.app import FETCH_PERMISSIONS, REVIEW_PERMISSIONS, GitHubApp
from bot.ledger.names import Scope
from bot.ledger.sealed import Sealed, key_from
from tests.bot.reviewed import World, world

KEY, OTHER = key_from("the App's key"), key_from("another App's key")


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def worker(place: World, key: bytes = KEY) -> GitHubApp:
    return GitHubApp(
        api_url=place.github.api_url,
        app_id=str(place.app.id),
        private_key=place.app.private_key,
        shared=Sealed(redis=place.redis, key=key),
    )


def minted(place: World) -> int:
    return len(place.github.log.entries("POST", "/access_tokens"))


def test_what_is_kept_is_found_by_its_name_and_key_alone(redis: Redis, scope: Scope) -> None:
    one, other = scope.place(1) + "token", scope.place(2) + "token"
    sealed = Sealed(redis=redis, key=KEY)
    sealed.keep(one, b"secret", seconds=60)
    assert sealed.find(one) == b"secret"
    assert Sealed(redis=redis, key=OTHER).find(one) is None
    # Somebody who can write to Redis gives one installation's secret to another.
    redis.set(other, str(redis.get(one)))
    assert sealed.find(other) is None
    redis.set(one, "rubbish")
    assert sealed.find(one) is None
    sealed.drop(one)
    assert redis.exists(one) == 0


def test_what_is_kept_is_unreadable_and_ends(redis: Redis, scope: Scope) -> None:
    name = scope.place(1) + "token"
    Sealed(redis=redis, key=KEY).keep(name, b"a secret that nobody reads", seconds=0.2)
    assert "secret" not in str(redis.get(name))
    assert "secret" not in repr(Sealed(redis=redis, key=KEY)).replace("api.github.test", "")
    time.sleep(0.4)
    assert redis.exists(name) == 0


def test_workers_share_a_token_of_the_same_installation_repository_and_permissions(place: World) -> None:
    ids = (place.installation.id, place.repository.id)
    token = worker(place).token(*ids, REVIEW_PERMISSIONS)
    assert worker(place).token(*ids, REVIEW_PERMISSIONS) == token
    assert minted(place) == 1
    assert worker(place).token(*ids, FETCH_PERMISSIONS) != token
    second = place.github.create_repository("acme/other")
    place.installation.repository_ids.add(second.id)
    assert worker(place).token(place.installation.id, second.id, REVIEW_PERMISSIONS) != token
    assert worker(place, OTHER).token(*ids, REVIEW_PERMISSIONS) != token
    assert minted(place) == 4
    assert all(
        token.token not in str(place.redis.dump(key)) for key in place.redis.scan_iter(f"*{place.key.host}*")
    )


def test_a_token_that_is_no_longer_taken_is_forgotten_by_all(place: World) -> None:
    ids = (place.installation.id, place.repository.id)
    one, other = worker(place), worker(place)
    token = one.token(*ids, REVIEW_PERMISSIONS)
    assert other.token(*ids, REVIEW_PERMISSIONS) == token
    one.forget(token)
    fresh = one.token(*ids, REVIEW_PERMISSIONS)
    assert fresh != token
    # The other did not hear of it yet: what it forgets is not the new one.
    other.forget(token)
    assert other.token(*ids, REVIEW_PERMISSIONS) == fresh
    assert minted(place) == 2
