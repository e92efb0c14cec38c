"""The App's identity on one GitHub host, and installation tokens narrowed to one repository."""

from __future__ import annotations

import datetime
import ssl
import time
from collections.abc import Mapping
from functools import cached_property

import httpx
import msgspec
from githubkit import AppAuthStrategy
from githubkit.cache import MemCacheStrategy

from bot.github.refusal import GitHubRefused
from bot.github.transport import Transport

REVIEW_PERMISSIONS: Mapping[str, str] = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "pull_requests": "write",
}
FETCH_PERMISSIONS: Mapping[str, str] = {"contents": "read"}
_SPARE = 120.0
# GitHub says 422 here, and 404 only where the whole installation is gone.
_OUT_OF_REACH = "not accessible to the parent installation"


class Token(msgspec.Struct, frozen=True):
    """An installation token. GitHub gives it one hour; `expires_at` is Unix time."""

    token: str
    expires_at: float

    def __repr__(self) -> str:
        return f"Token(expires_at={self.expires_at})"


class _Minted(msgspec.Struct):
    token: str
    expires_at: datetime.datetime


class _AppRecord(msgspec.Struct):
    slug: str


class GitHubApp:
    """Mints tokens as the App. Tokens are cached in this object alone: one object for each host and App.

    githubkit's own installation cache has no host in its key and keeps a token that was answered by 401,
    so tokens are minted and kept here.
    """

    def __init__(self, *, api_url: str, app_id: str, private_key: str) -> None:
        self.api_url = api_url.rstrip("/")
        self.app_id = app_id
        self._strategy = AppAuthStrategy(app_id, private_key)
        self._cache = MemCacheStrategy()
        self._tokens: dict[tuple[int, int, tuple[tuple[str, str], ...]], Token] = {}

    def token(self, installation: int, repository: int, permissions: Mapping[str, str]) -> Token:
        """A token for this repository and these permissions alone, with at least two minutes to live.

        Raises `GitHubRefused` with 404 where the App is not installed on the repository (any more).
        """
        key = (installation, repository, tuple(sorted(permissions.items())))
        held = self._tokens.get(key)
        if held is None or held.expires_at - _SPARE < time.time():
            held = self._tokens[key] = self._mint(installation, repository, permissions)
        return held

    def forget(self, token: Token) -> None:
        """Drop a token that GitHub no longer takes."""
        self._tokens = {key: held for key, held in self._tokens.items() if held != token}

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The certificates that are trusted: read once, since that takes longer than a request."""
        return httpx.create_ssl_context()

    @cached_property
    def login(self) -> str:
        """The login under which the App's comments appear."""
        with self._transport() as transport:
            record = msgspec.convert(transport.read("/app"), _AppRecord)
        return f"{record.slug}[bot]"

    def _mint(self, installation: int, repository: int, permissions: Mapping[str, str]) -> Token:
        path = f"/app/installations/{installation}/access_tokens"
        body = {"repository_ids": [repository], "permissions": dict(permissions)}
        with self._transport() as transport:
            try:
                answer = transport.repeat_safely("POST", path, body)
            except GitHubRefused as refused:
                if refused.status == 422 and _OUT_OF_REACH in refused.message:
                    raise GitHubRefused(404, f"POST {path}", refused.message) from None
                raise
        minted = msgspec.convert(answer, _Minted)
        return Token(minted.token, minted.expires_at.timestamp())

    def _transport(self) -> Transport:
        return Transport(self.api_url, self._strategy, tls=self.tls, cache=self._cache)
