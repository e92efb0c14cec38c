"""Installed, suspended, uninstalled; repositories added, removed, renamed, transferred, deleted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from redis import Redis

from bot import settings
from bot.app_changes import ACTED_ON, app_change
from bot.delivery import Delivery
from bot.demo.github.administration import Administrator
from bot.demo.github.hooks.delivery import Delivery as Sent
from bot.healing.changes import let_go_of_missing
from bot.healing.wiring import Identity
from bot.ledger import departures, intake, names, scripts
from bot.ledger.names import Scope
from bot.payload import Payload
from tests.bot.healed import heal, pending, scope, settled
from tests.bot.reviewed import World, ended, world

pytestmark = pytest.mark.thorough


def keys(redis: Redis, scope: Scope) -> set[str]:
    return set(redis.scan_iter(f"architect:{scope.host}/{scope.app}/*"))


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


@pytest.fixture
def administrator(place: World) -> Administrator:
    # What the App would be told is handed over by `told`.
    object.__setattr__(place.app, "webhook_url", "http://127.0.0.1:9/webhook")
    object.__setattr__(place.app, "events", (*place.app.events, "repository"))
    return Administrator(state=place.github.state, hub=place.github.hub)


def told(place: World, already: int = 0) -> list[str]:
    """Record what GitHub would have delivered since, as the receiver does; gives what it was."""
    place.github.wait_for_deliveries()
    sent = [each for each in place.github.hub.deliveries[already:] if each.event in ACTED_ON]
    return [f"{each.event}.{each.action}" for each in sent if _recorded(place, each)]


def _recorded(place: World, sent: Sent) -> bool:
    payload = msgspec.json.decode(sent.body, type=Payload)
    own = scope(place)
    change = app_change(
        Delivery(guid=sent.guid, event=sent.event, host=own.host, app=own.app, payload=payload)
    )
    if change is not None:
        call = intake.call(sent.guid, change)
        scripts.run(place.redis, call.script, call.keys, call.args)
    return change is not None


def test_uninstalling_deletes_everything_at_once(place: World, administrator: Administrator) -> None:
    settled(place)
    place.review()
    administrator.uninstall(place.installation)
    assert told(place) == ["installation.deleted"]
    heal(place)
    assert departures.held_installations(place.redis, scope(place)) == frozenset()
    assert departures.departed(place.redis, scope(place)) == {place.repository.id}
    place.review("a delivery that came late")
    assert ended(place) == [("completed", "failure")]


def test_a_suspended_installation_is_forgotten_and_looked_at_when_it_is_back(
    place: World, administrator: Administrator
) -> None:
    settled(place)
    administrator.suspend(place.installation)
    told(place)
    place.review("a delivery that came late")
    assert ended(place) == []
    heal(place)
    assert not pending(place)
    before = len(place.github.hub.deliveries)
    administrator.unsuspend(place.installation)
    assert told(place, before) == ["installation.unsuspend"]
    heal(place)
    place.drain()
    assert ended(place) == [("completed", "failure")]
    assert departures.departed(place.redis, scope(place)) == frozenset()


@pytest.mark.thorough
def test_a_repository_that_is_removed_and_added_again(place: World, administrator: Administrator) -> None:
    settled(place)
    other = place.github.create_repository("acme/other")
    administrator.add(place.installation, other)
    assert told(place) == ["installation_repositories.added"]
    heal(place)
    place.drain()
    before = len(place.github.hub.deliveries)
    administrator.remove(place.installation, place.repository)
    assert told(place, before) == ["installation_repositories.removed"]
    heal(place)
    assert departures.departed(place.redis, scope(place)) == {place.repository.id}
    assert not pending(place)
    before = len(place.github.hub.deliveries)
    administrator.add(place.installation, place.repository)
    told(place, before)
    heal(place)
    assert departures.departed(place.redis, scope(place)) == frozenset()
    assert ended(place) == [("completed", "failure")]


@pytest.mark.thorough
def test_a_deleted_repository_is_forgotten(place: World, administrator: Administrator) -> None:
    settled(place)
    place.review()
    administrator.delete(place.repository)
    assert "repository.deleted" in told(place)
    heal(place)
    left = scope(place).place(place.installation.id, place.repository.id)
    assert [key for key in keys(place.redis, scope(place)) if key.startswith(left)] == []
    assert departures.departed(place.redis, scope(place)) == {place.repository.id}


def test_work_under_the_old_name_of_a_renamed_repository_is_done(
    place: World, administrator: Administrator
) -> None:
    intake.want(place.redis, place.request())
    former = place.repository.full_name
    administrator.rename(place.repository, "shop-two")
    assert place.request().name == "shop-two"
    assert told(place) == []
    place.drain()
    assert ended(place) == [("completed", "failure")]
    assert [each.status for each in place.github.log.entries("GET", f"/repos/{former}/pulls/1")] == [301]


@pytest.mark.thorough
def test_a_transferred_repository_is_no_longer_the_old_installations(
    place: World, administrator: Administrator
) -> None:
    settled(place)
    intake.want(place.redis, place.request())
    administrator.transfer(place.repository, "globex")
    assert told(place) == ["installation_repositories.removed"]
    heal(place)
    assert not pending(place)
    place.review("a delivery that came late")
    assert ended(place) == []
    new = place.github.install(place.app, place.repository)
    before = len(place.github.hub.deliveries) - 1
    assert told(place, before) == ["installation.created"]
    heal(place)
    moved = msgspec.structs.replace(place.key, installation=new.id)
    assert place.redis.zrange(scope(place).work, 0, -1) == [names.item_of(moved)]


@pytest.mark.thorough
def test_an_installation_that_went_unseen_is_let_go_of(place: World, administrator: Administrator) -> None:
    settled(place)
    place.review()
    app = place.reviewer.services.app
    assert let_go_of_missing(place.redis, scope(place), app) == frozenset()
    administrator.uninstall(place.installation)
    assert let_go_of_missing(place.redis, scope(place), app) == {place.installation.id}
    assert departures.departed(place.redis, scope(place)) == {place.repository.id}


def test_a_redelivered_change_is_applied_once(place: World, administrator: Administrator) -> None:
    administrator.suspend(place.installation)
    told(place)
    told(place)
    assert place.redis.llen(scope(place).changes) == 1


def test_a_new_private_key_is_used_from_the_next_step_on(
    tmp_path: Path, place: World, redis_url: str
) -> None:
    file = tmp_path / "key.pem"
    file.write_text(place.app.private_key)
    chosen = settings.load(
        {
            "GITHUB_APP_ID": str(place.app.id),
            "GITHUB_PRIVATE_KEY_PATH": str(file),
            "GITHUB_API_URL": place.github.api_url,
            "REDIS_URL": redis_url,
        }
    )
    identity = Identity(chosen)
    first = identity()
    assert first.login == "backend-architect[bot]"
    assert identity() is first
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    file.write_text(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ).decode()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    object.__setattr__(place.app, "public_key", public.decode())
    assert identity() is not first
    assert identity().token(place.installation.id, None, {"metadata": "read"}).expires_at > (
        datetime.datetime.now(datetime.UTC).timestamp()
    )
