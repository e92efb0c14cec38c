"""Who acts on the local GitHub: people, Apps, installations, and the tokens that installations are given."""

from __future__ import annotations

import dataclasses
import datetime
import enum


class Kind(enum.StrEnum):
    """What sort of account a login is."""

    USER = "User"
    BOT = "Bot"
    ORGANIZATION = "Organization"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account with a login."""

    id: int
    login: str
    kind: Kind = Kind.USER


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A registered GitHub App: `private_key` is PEM, `permissions` map a name to `read` or `write`."""

    id: int
    slug: str
    owner: User
    bot: User
    client_id: str
    client_secret: str
    private_key: str
    public_key: str
    webhook_secret: str
    webhook_url: str
    hook_id: int
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: datetime.datetime


@dataclasses.dataclass(slots=True, kw_only=True)
class Installation:
    """An App on an account, for the repositories with these ids."""

    id: int
    app: App
    account: User
    repository_ids: set[int]
    created_at: datetime.datetime
    suspended_at: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class InstallationToken:
    """A minted token, possibly narrower than its installation."""

    value: str
    installation: Installation
    repository_ids: frozenset[int]
    permissions: dict[str, str]
    expires_at: datetime.datetime

    def allows(self, permission: str) -> bool:
        """Whether `name:level` is granted; `write` includes `read`, and metadata may always be read."""
        name, _, level = permission.partition(":")
        granted = self.permissions.get(name, "read" if name == "metadata" else "")
        return granted == level or granted in {"write", "admin"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ManifestCode:
    """What the manifest flow hands to the browser: it can be changed for the App's credentials once."""

    app: App
    ends: datetime.datetime
