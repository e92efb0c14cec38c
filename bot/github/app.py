"""The App's identity on one GitHub host, and installation tokens narrowed to one repository."""

from __future__ import annotations

import datetime
import ssl
import time
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlsplit

import httpx
import msgspec
from githubkit import AppAuthStrategy
from githubkit.cache import MemCacheStrategy

from bot.github.refusal import GitHubRefused
from bot.github.transport import ANSWER_SECONDS, Transport
from bot.ledger.names import Scope
from bot.ledger.sealed import Sealed

REVIEW_PERMISSIONS: Mapping[str, str] = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "pull_requests": "write",
}
RESOLVE_PERMISSIONS: Mapping[str, str] = {"contents": "write", "pull_requests": "write"}
"""What GitHub wants of an App that resolves review threads; few installations grant it."""
FETCH_PERMISSIONS: Mapping[str, str] = {"contents": "read"}
_SPARE = 120.0
# GitHub says 422 here, and 404 only where the whole installation is gone.
_OUT_OF_REACH = "not accessible to the parent installation"
_SUSPENDED = "has been suspended"
_NOT_GRANTED = "not granted to this installation"
# Installation, repository (None: all of the installation's), permissions.
_Key = tuple[int, int | None, tuple[tuple[str, str], ...]]


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
    """Mints tokens as the App: one object for each host and App, which keeps them.

    githubkit's own installation cache has no host in its key and keeps a token that was answered by 401,
    so tokens are minted and kept here, and among the workers in `shared`: an ETag is good for the token that
    it was given to alone (https://github.com/github/docs/issues/34689). `seconds`: how long GitHub may take
    to answer.
    """

    def __init__(
        self,
        *,
        api_url: str,
        app_id: str,
        private_key: str,
        seconds: float = ANSWER_SECONDS,
        shared: Sealed | None = None,
    ) -> None:
        self._shared = shared
        self.api_url = api_url.rstrip("/")
        self.seconds = seconds
        self.app_id = app_id
        self._strategy = AppAuthStrategy(app_id, private_key)
        self._cache = MemCacheStrategy()
        self._tokens: dict[_Key, Token] = {}

    def token(self, installation: int, repository: int | None, permissions: Mapping[str, str]) -> Token:
        """A token for this repository and these permissions alone, with at least two minutes to live.

        Without a repository it is one for all that the installation covers. Raises `GitHubRefused` with 404
        where the App is not installed on the repository (any more), or is suspended.
        """
        key = (installation, repository, tuple(sorted(permissions.items())))
        held = self._tokens.get(key)
        if held is None or held.expires_at - _SPARE < time.time():
            held = self._tokens[key] = self._shared_or_minted(key, permissions)
        return held

    def forget(self, token: Token) -> None:
        """Drop a token that GitHub no longer takes."""
        for key in [key for key, held in self._tokens.items() if held == token]:
            del self._tokens[key]
            if self._shared is not None and self._find(self._shared, key) == token:
                self._shared.drop(self._name(key))

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The certificates that are trusted: read once, since that takes longer than a request."""
        return httpx.create_ssl_context()

    @cached_property
    def login(self) -> str:
        """The login under which the App's comments appear."""
        with self.conversation() as transport:
            record = msgspec.convert(transport.read("/app"), _AppRecord)
        return f"{record.slug}[bot]"

    def _shared_or_minted(self, key: _Key, permissions: Mapping[str, str]) -> Token:
        installation, repository, _ = key
        if self._shared is None:
            return self._mint(installation, repository, permissions)
        held = self._find(self._shared, key)
        left = held.expires_at - _SPARE - time.time() if held else 0
        if held is None or left <= 0:
            held = self._mint(installation, repository, permissions)
            left = held.expires_at - _SPARE - time.time()
            self._shared.keep(self._name(key), msgspec.json.encode(held), seconds=left)
        return held

    def _find(self, shared: Sealed, key: _Key) -> Token | None:
        text = shared.find(self._name(key))
        return None if text is None else msgspec.json.decode(text, type=Token)

    def _name(self, key: _Key) -> str:
        installation, repository, permissions = key
        granted = ",".join(f"{name}={level}" for name, level in permissions)
        place = Scope(urlsplit(self.api_url).netloc, self.app_id).place(installation)
        return f"{place}token:{repository or 'all'}:{granted}"

    def _mint(self, installation: int, repository: int | None, permissions: Mapping[str, str]) -> Token:
        path = f"/app/installations/{installation}/access_tokens"
        narrowed = {} if repository is None else {"repository_ids": [repository]}
        body = {**narrowed, "permissions": dict(permissions)}
        with self.conversation() as transport:
            try:
                answer = transport.repeat_safely("POST", path, body)
            except GitHubRefused as refused:
                if _unreachable(refused):
                    raise GitHubRefused(404, f"POST {path}", refused.message) from None
                raise
        minted = msgspec.convert(answer, _Minted)
        return Token(minted.token, minted.expires_at.timestamp())

    def conversation(self) -> Transport:
        """Requests as the App itself; a context manager."""
        return Transport(self.api_url, self._strategy, tls=self.tls, cache=self._cache, seconds=self.seconds)


def not_granted(refused: GitHubRefused) -> bool:
    """Whether a token was refused for permissions that the installation does not have."""
    return refused.status == 422 and _NOT_GRANTED in refused.message


def _unreachable(refused: GitHubRefused) -> bool:
    return (refused.status == 422 and _OUT_OF_REACH in refused.message) or (
        refused.status == 403 and _SUSPENDED in refused.message
    )
