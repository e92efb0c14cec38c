"""What a change of the App's reach means: letting go of what left, looking at what came."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import structlog
from redis import Redis

from bot.app_changes import AppChange
from bot.github.app import GitHubApp
from bot.github.installations import installations
from bot.ledger import departures
from bot.ledger.names import Scope

log = structlog.get_logger(__name__)


def applied(redis: Redis, scope: Scope) -> Iterator[int]:
    """Apply the changes that deliveries told of, oldest first; gives the installations to look at.

    A change stays in the list until the caller asks for the next one.
    """
    while (document := redis.lindex(scope.changes, 0)) is not None:
        change = msgspec.json.decode(document, type=AppChange)
        _let_go(redis, scope, change)
        departures.mark_returned(redis, scope, change.came)
        log.info("reach changed", installation=change.installation, left=change.left, came=change.came)
        if change.came or (change.whole and not change.gone):
            yield change.installation
        redis.lpop(scope.changes)


def let_go_of_missing(redis: Redis, scope: Scope, app: GitHubApp) -> frozenset[int]:
    """Let go of installations that GitHub does not list any more, though no delivery said so."""
    held = departures.held_installations(redis, scope)
    missing = held - {installation.id for installation in installations(app)} if held else frozenset()
    for installation in missing:
        log.info("installation is gone", installation=installation)
        _let_go(redis, scope, AppChange(host=scope.host, app=scope.app, installation=installation, gone=True))
    return missing


def _let_go(redis: Redis, scope: Scope, change: AppChange) -> None:
    if change.gone:
        held = departures.forget(redis, scope, change.installation)
        departures.mark_departed(redis, scope, {*held, *change.left})
        return
    for repository in change.left:
        departures.forget(redis, scope, change.installation, repository)
    departures.mark_departed(redis, scope, change.left)
