"""A healer for the world of `reviewed`, with every step due at each call."""

from __future__ import annotations

import dataclasses

from redis import Redis

from bot.github.app import GitHubApp
from bot.healing.healer import Healer
from bot.healing.pace import Pace
from bot.ledger import names
from bot.ledger.names import Scope
from bot.ledger.standing import standing
from tests.bot.reviewed import World

PACE = Pace(
    redelivery=60, reconciliation=60, adoption=60, tidying=60, questions=1_000, patience=3_600, grace=0
)


def healer(place: World, pace: Pace = PACE) -> Healer:
    return healer_of(place.reviewer.services.app, place.redis, scope(place), pace)


def healer_of(app: GitHubApp, redis: Redis, scope: Scope, pace: Pace = PACE) -> Healer:
    return Healer(app=lambda: app, redis=redis, scope=scope, pace=pace, lease_seconds=30, look_seconds=1)


def scope(place: World) -> Scope:
    return names.scope_of(place.key)


def heal(place: World, **pace: float) -> None:
    """Heal now, as if the pauses between all steps were over."""
    for step in ("rebuild", "redelivery", "adoption", "reconciliation", "tidying"):
        place.redis.delete(scope(place).step(step))
    assert healer(place, dataclasses.replace(PACE, **pace)).heal()  # type: ignore[arg-type]


def settled(place: World) -> None:
    """From now on Redis counts as whole: only what is due is looked for."""
    place.redis.set(scope(place).alive, "1")


def pending(place: World) -> bool:
    return standing(place.redis, names.item_of(place.key)).pending


def wipe(place: World) -> None:
    """Redis loses all that it held of this App."""
    for key in place.redis.scan_iter(f"architect:{scope(place).host}/*"):
        place.redis.delete(key)
