"""App tokens (RS256 JWT) verified as GitHub verifies them, and installation tokens narrowed at minting."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import secrets
from typing import Any

import jwt

from bot.demo.github.accounts import App, Installation, InstallationToken
from bot.demo.github.refusal import Refusal, not_found
from bot.demo.github.state import State

LONGEST_LIFE = datetime.timedelta(minutes=10)
CLOCK_DRIFT = datetime.timedelta(seconds=60)
TOKEN_LIFE = datetime.timedelta(hours=1)
LEVELS = {"read": 1, "write": 2, "admin": 3}


def verify_app_token(state: State, token: str) -> App:
    """The App that signed `token`; 401 with GitHub's words otherwise."""
    app = _issuer(state, token)
    options: Any = {"require": ["iss", "iat", "exp"], "verify_exp": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, app.public_key, algorithms=["RS256"], options=options)
        issued, expires = (
            datetime.datetime.fromtimestamp(int(claims[name]), datetime.UTC) for name in ("iat", "exp")
        )
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        raise Refusal(401, "A JSON web token could not be decoded") from None
    now = state.clock()
    if expires <= now:
        raise Refusal(
            401, "'Expiration time' claim ('exp') must be a numeric value representing a future time"
        )
    if expires > now + LONGEST_LIFE + CLOCK_DRIFT / 2:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    if issued > now + CLOCK_DRIFT / 2:
        raise Refusal(401, "'Issued at' claim ('iat') must be an Integer representing a time in the past")
    return app


def _issuer(state: State, token: str) -> App:
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise Refusal(401, "A JSON web token could not be decoded") from None
    issuer = str(claims.get("iss", ""))
    for app in state.apps.values():
        if issuer in (str(app.id), app.client_id):
            return app
    raise Refusal(401, "'Issuer' claim ('iss') must be an Integer")


def mint(state: State, installation: Installation, body: dict[str, Any]) -> InstallationToken:
    """A token for the installation, narrowed to the repositories and permissions of the body."""
    if installation.suspended_at is not None:
        raise Refusal(403, "This installation has been suspended")
    wanted = set(body.get("repository_ids") or ())
    for name in body.get("repositories") or ():
        wanted |= {each.id for each in state.repositories.values() if each.name == name}
    asked = "repository_ids" in body or "repositories" in body
    if asked and (not wanted or not wanted <= installation.repository_ids):
        message = (
            "There is at least one repository that does not exist "
            "or is not accessible to the parent installation."
        )
        raise Refusal(422, message)
    token = InstallationToken(
        value=f"ghs_{installation.app.id}_{secrets.token_urlsafe(32)}",
        installation=installation,
        repository_ids=frozenset(wanted or installation.repository_ids),
        permissions=_narrowed(installation.app.permissions, body.get("permissions")),
        expires_at=(state.clock() + TOKEN_LIFE).replace(microsecond=0),
    )
    state.tokens[token.value] = token
    return token


def _narrowed(granted: dict[str, str], asked: dict[str, str] | None) -> dict[str, str]:
    if asked is None:
        return dict(granted)
    for name, level in asked.items():
        own = granted.get(name, "read" if name == "metadata" else "")
        if LEVELS.get(level, 9) > LEVELS.get(own, 0):
            raise Refusal(422, "The permissions requested are not granted to this installation.")
    return {"metadata": "read", **asked}


def installation_token(state: State, value: str) -> InstallationToken:
    """The live token with this value, or 401."""
    token = state.tokens.get(value)
    if token is None or token.expires_at <= state.clock():
        raise Refusal(401, "Bad credentials")
    return token


def own_installation(state: State, app: App, identifier: int) -> Installation:
    installation = state.installations.get(identifier)
    if installation is None or installation.app is not app:
        raise not_found()
    return installation


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TokenOwner:
    """Whose token a request carried, as far as the token itself tells."""

    app: int | None = None
    installation: int | None = None


def owner_of(state: State, authorization: str) -> TokenOwner:
    """Who an Authorization header speaks for; nothing for an unknown or missing token."""
    value = credential(authorization)
    token = state.tokens.get(value)
    if token is not None:
        return TokenOwner(app=token.installation.app.id, installation=token.installation.id)
    try:
        return TokenOwner(app=_issuer(state, value).id)
    except Refusal:
        return TokenOwner()


def credential(authorization: str) -> str:
    """The token of an Authorization header: `Bearer`, `token`, or the password of `Basic`."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() in {"bearer", "token"}:
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:
            return ""
    return ""
