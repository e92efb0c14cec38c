"""Registering an App: from the control API, or from a manifest as GitHub's manifest flow does."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.demo.github.accounts import App, Installation, Kind, ManifestCode, User
from bot.demo.github.hooks.hub import ALWAYS_DELIVERED, Hub
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import accounts
from bot.demo.github.state import State

LONGEST_NAME = 34
CODE_LIFE = datetime.timedelta(hours=1)
FOUNDED_ON = {
    "pull_request": {"pull_requests"},
    "pull_request_review": {"pull_requests"},
    "pull_request_review_comment": {"pull_requests"},
    "pull_request_review_thread": {"pull_requests"},
    "issue_comment": {"issues", "pull_requests"},
    "check_run": {"checks"},
    "check_suite": {"checks"},
    "merge_group": {"merge_queues"},
    "push": {"contents"},
    "repository": {"metadata"},
}
"""An App gets an event only with one of these permissions."""


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
    hub.announce_installation(
        record, {"installation": accounts.installation(hub.url, record), "repositories": listed(repositories)}
    )
    return record


def listed(repositories: Sequence[Repository]) -> list[dict[str, Any]]:
    """Repositories as the events on installations show them."""
    return [
        {
            **{name: getattr(each, name) for name in ("id", "name", "full_name")},
            "node_id": accounts.node_id("R", each.id),
            "private": False,
        }
        for each in repositories
    ]


def check_manifest(state: State, manifest: Mapping[str, Any]) -> str:
    """The slug of the App that the manifest describes; `BadManifest` says what GitHub does not accept."""
    events = manifest.get("default_events") or []
    always = sorted(ALWAYS_DELIVERED & set(events))
    if always:
        raise BadManifest(f"Default events are not supported by this resource: {', '.join(always)}")
    for needed in ("name", "url", "redirect_url"):
        if not manifest.get(needed):
            raise BadManifest(f"{needed} wasn't supplied")
    name = str(manifest["name"])
    if len(name) > LONGEST_NAME:
        raise BadManifest(f"Name is too long (maximum is {LONGEST_NAME} characters)")
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if slug in {each.slug for each in state.apps.values()}:
        raise BadManifest("Name is already in use")
    permissions = manifest.get("default_permissions") or {}
    unfounded = sorted(event for event in events if not FOUNDED_ON.get(event, set()) & set(permissions))
    if unfounded:
        raise BadManifest(f"Default events are not supported by permissions: {', '.join(unfounded)}")
    hook = manifest.get("hook_attributes") or {}
    if events and not hook.get("url"):
        raise BadManifest("hook_attributes.url wasn't supplied")
    return slug


def from_manifest(state: State, manifest: Mapping[str, Any], owner: User) -> App:
    """Register what the manifest describes; `BadManifest` says what GitHub does not accept."""
    slug = check_manifest(state, manifest)
    hook = manifest.get("hook_attributes") or {}
    return register(
        state,
        slug=slug,
        owner=owner,
        webhook_url=str(hook.get("url", "")),
        webhook_secret=secrets.token_hex(20),
        permissions=manifest.get("default_permissions") or {},
        events=manifest.get("default_events") or [],
    )


def code_for(state: State, app: App) -> str:
    """A code that can be changed for the App's credentials once, within the hour."""
    code = secrets.token_hex(20)
    state.manifest_codes[code] = ManifestCode(app=app, ends=state.clock() + CODE_LIFE)
    return code
