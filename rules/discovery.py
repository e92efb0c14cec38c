"""What was found of that a repository may configure: the draft of its configuration."""

from __future__ import annotations

import msgspec

from rules.configuration.options import Application, Layer


class FoundEndpoint(msgspec.Struct, frozen=True, order=True):
    """An endpoint that works before anyone has signed in, as `public` names it, and what speaks for that."""

    name: str
    reason: str


class FoundDependency(msgspec.Struct, frozen=True):
    """A dependency by qualified name, and how many routes go through it."""

    name: str
    routes: int


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """What is computed where the configuration says nothing, in the words of the configuration."""

    applications: tuple[Application, ...] = ()
    public: tuple[FoundEndpoint, ...] = ()
    authenticating: tuple[FoundDependency, ...] = ()
    optional: tuple[FoundDependency, ...] = ()
    admin: tuple[FoundDependency, ...] = ()
    user_tables: tuple[str, ...] = ()
    owner_columns: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    api_spec: tuple[str, ...] = ()
    schema_spec: tuple[str, ...] = ()
