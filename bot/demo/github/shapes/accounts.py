"""Users, Apps, installations and tokens as GitHub's JSON."""

from __future__ import annotations

import base64
import datetime
from typing import Any

from bot.demo.github.accounts import App, Installation, InstallationToken, Kind, User

USER_PLACES = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def timestamp(moment: datetime.datetime) -> str:
    """GitHub's form: UTC, whole seconds, `Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(prefix: str, identifier: int) -> str:
    encoded = base64.urlsafe_b64encode(identifier.to_bytes(8, "big")).decode().rstrip("=")
    return f"{prefix}_{encoded}"


def api(url: str) -> str:
    return f"{url}/api/v3"


def user(url: str, account: User) -> dict[str, Any]:
    own = f"{api(url)}/users/{account.login}"
    prefix = {Kind.USER: "U", Kind.BOT: "BOT", Kind.ORGANIZATION: "O"}[account.kind]
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id(prefix, account.id),
        "avatar_url": f"{url}/avatars/{account.id}",
        "gravatar_id": "",
        "url": own,
        "html_url": f"{url}/{account.login.removesuffix('[bot]')}",
        **{name: own + place for name, place in USER_PLACES.items()},
        "type": account.kind.value,
        "user_view_type": "public",
        "site_admin": False,
    }


def app(url: str, record: App) -> dict[str, Any]:
    return {
        "id": record.id,
        "client_id": record.client_id,
        "slug": record.slug,
        "node_id": node_id("A", record.id),
        "owner": user(url, record.owner),
        "name": record.slug,
        "description": "",
        "external_url": url,
        "html_url": f"{url}/apps/{record.slug}",
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.created_at),
        "permissions": dict(record.permissions),
        "events": list(record.events),
    }


def installation(url: str, record: Installation) -> dict[str, Any]:
    return {
        "id": record.id,
        "account": user(url, record.account),
        "repository_selection": "selected",
        "access_tokens_url": f"{api(url)}/app/installations/{record.id}/access_tokens",
        "repositories_url": f"{api(url)}/installation/repositories",
        "html_url": f"{url}/settings/installations/{record.id}",
        "app_id": record.app.id,
        "client_id": record.app.client_id,
        "app_slug": record.app.slug,
        "target_id": record.account.id,
        "target_type": record.account.kind.value,
        "permissions": dict(record.app.permissions),
        "events": list(record.app.events),
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user(url, record.account) if record.suspended_at else None,
        "suspended_at": timestamp(record.suspended_at) if record.suspended_at else None,
    }


def token(record: InstallationToken) -> dict[str, Any]:
    return {
        "token": record.value,
        "expires_at": timestamp(record.expires_at),
        "permissions": dict(record.permissions),
        "repository_selection": "selected",
    }
