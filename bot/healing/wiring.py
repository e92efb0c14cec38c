"""The healer of a sweeper and the collector of a worker, as the settings describe them."""

from __future__ import annotations

from dataclasses import dataclass, field

from redis import Redis

from bot.github.app import GitHubApp
from bot.healing.collection import DAY_SECONDS, Collector
from bot.healing.healer import Healer
from bot.healing.pace import Pace
from bot.ledger.names import Scope
from bot.repository.collection import Room
from bot.reviewer import app_of, facts_of, limits_of, mirrors_of
from bot.settings import Settings

MEGABYTE = 1024 * 1024
STUCK_GRACE = 30.0
DELIVERY_GRACE = 60.0


@dataclass(slots=True)
class Identity:
    """The App with the key as it is now: a key that was changed is read again, and its tokens with it."""

    settings: Settings
    _key: str = ""
    _app: GitHubApp | None = field(default=None)

    def __call__(self) -> GitHubApp:
        """The App. Raises `SettingsError` where the key cannot be read."""
        key = self.settings.private_key()
        if self._app is None or key != self._key:
            self._key = key
            self._app = app_of(self.settings)
        return self._app


def healer(settings: Settings) -> Healer:
    """The healer."""
    return Healer(
        app=Identity(settings),
        redis=Redis.from_url(settings.redis_url, decode_responses=True),
        scope=Scope(settings.github_host, settings.github_app_id),
        pace=Pace(
            redelivery=settings.redelivery_seconds,
            reconciliation=settings.reconcile_seconds,
            adoption=settings.maintenance_seconds,
            tidying=settings.collect_seconds,
            questions=settings.reconcile_requests,
            patience=settings.job_seconds + STUCK_GRACE,
            grace=min(DELIVERY_GRACE, settings.reconcile_seconds),
        ),
        lease_seconds=settings.lease_seconds,
        look_seconds=settings.sweep_seconds,
        limits=limits_of(settings),
    )


def collector(settings: Settings) -> Collector:
    """The collector."""
    return Collector(
        redis=Redis.from_url(settings.redis_url, decode_responses=True),
        scope=Scope(settings.github_host, settings.github_app_id),
        repositories=mirrors_of(settings),
        facts=facts_of(settings),
        room=Room(
            most_bytes=settings.mirrors_megabytes * MEGABYTE,
            longest_unused=settings.unused_days * DAY_SECONDS,
        ),
        days=settings.unused_days,
        pause=settings.collect_seconds,
    )
