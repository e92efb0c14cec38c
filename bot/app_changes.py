"""Deliveries that change where the App is installed: pure, from a `Delivery` to ids.

What left is let go of; what came, or came back, is looked at for open pull requests. Renamed repositories
keep their id and need nothing: a name is only ever a hint.
Source: https://docs.github.com/webhooks/webhook-events-and-payloads#installation
"""

from __future__ import annotations

import msgspec

from bot.delivery import Delivery

_LEFT = frozenset({"deleted", "suspend"})
_CAME = frozenset({"created", "unsuspend", "new_permissions_accepted"})


class AppChange(msgspec.Struct, frozen=True, kw_only=True):
    """An installation's reach changed. `whole`: all of it, and not these repositories alone."""

    host: str
    app: str
    installation: int
    left: tuple[int, ...] = ()
    came: tuple[int, ...] = ()
    whole: bool = False
    gone: bool = False
    """With `whole`: the installation left, and did not come."""


def app_change(delivery: Delivery) -> AppChange | None:
    """What the delivery changes, if it changes anything."""
    payload = delivery.payload
    if payload.installation is None:
        return None
    change = AppChange(host=delivery.host, app=delivery.app, installation=payload.installation.id)
    if delivery.event == "installation" and payload.action in _LEFT | _CAME:
        listed = tuple(each.id for each in payload.repositories)
        gone = payload.action in _LEFT
        sides = {"left": listed} if gone else {"came": listed}
        return msgspec.structs.replace(change, whole=True, gone=gone, **sides)
    if delivery.event == "installation_repositories" and payload.action in {"added", "removed"}:
        left = tuple(each.id for each in payload.repositories_removed)
        came = tuple(each.id for each in payload.repositories_added)
        return msgspec.structs.replace(change, left=left, came=came)
    if delivery.event == "repository" and payload.action == "deleted" and payload.repository is not None:
        return msgspec.structs.replace(change, left=(payload.repository.id,))
    return None


ACTED_ON = frozenset({"installation", "installation_repositories", "repository"})
"""The events whose payloads are looked into here."""
