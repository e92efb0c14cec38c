"""Registering an App: from the control API, or from a manifest as GitHub's manifest flow does."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.demo.github.accounts import App, Installation, Kind, User
from bot.demo.github.hooks.hub import ALWAYS_DELIVERED, Hub
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import accounts
from bot.demo.github.state import State


class BadManifest(Exception):
    """GitHub does not take this manifest."""


def register(  # noqa: PLR0913 - each is a fact of the App
    state: State,
    *,
    slug: str,
    owner: User,
    webhook_url: str,
    webhook_secret: str,
    permissions: Mapping[str, str],
    events: Sequence[str],
) -> App:
    """An App with a fresh RSA key and its bot account."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    app = App(
        id=state.new_id(),
        slug=slug,
        owner=owner,
        bot=state.user(f"{slug}[bot]", Kind.BOT),
        client_id=f"Iv23li{secrets.token_hex(7)}",
        client_secret=secrets.token_hex(20),
        private_key=private.decode(),
        public_key=public.decode(),
        webhook_secret=webhook_secret,
        webhook_url=webhook_url,
        hook_id=state.new_id(),
        permissions=dict(permissions),
        events=tuple(events),
        created_at=state.clock(),
    )
    state.apps[app.id] = app
    return app


def install(state: State, hub: Hub, app: App, repositories: Sequence[Repository]) -> Installation:
    """Install the App on the account that owns these repositories, for them alone."""
    owner = repositories[0].owner
    record = Installation(
        id=state.new_id(),
        app=app,
        account=owner,
        repository_ids={repository.id for repository in repositories},
        created_at=state.clock(),
    )
    state.installations[record.id] = record
    listed = [
        {
            **{name: getattr(each, name) for name in ("id", "name", "full_name")},
            "node_id": accounts.node_id("R", each.id),
            "private": False,
        }
        for each in repositories
    ]
    hub.announce_installation(
        record, {"installation": accounts.installation(hub.url, record), "repositories": listed}
    )
    return record


def from_manifest(state: State, manifest: Mapping[str, Any], owner: User) -> App:
    """Register what the manifest describes; `BadManifest` says what GitHub does not accept."""
    events = manifest.get("default_events") or []
    always = sorted(ALWAYS_DELIVERED & set(events))
    if always:
        raise BadManifest(f"Default events are not supported by this resource: {', '.join(always)}")
    if not manifest.get("url"):
        raise BadManifest("url wasn't supplied")
    hook = manifest.get("hook_attributes") or {}
    if events and not hook.get("url"):
        raise BadManifest("hook_attributes.url wasn't supplied")
    return register(
        state,
        slug=str(manifest.get("name") or f"app-{secrets.token_hex(3)}").lower().replace(" ", "-"),
        owner=owner,
        webhook_url=str(hook.get("url", "")),
        webhook_secret=secrets.token_hex(20),
        permissions=manifest.get("default_permissions") or {},
        events=events,
    )
