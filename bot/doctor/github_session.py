"""Questions to GitHub as the App, with what `doctor` wants to see of the answers: status, clock, body."""

from __future__ import annotations

import email.utils
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx
import jwt
import msgspec

SECONDS = 10.0
API_VERSION = "2022-11-28"
BACKDATED, LIFETIME = 60, 540
"""GitHub advises to set `iat` 60 s back, and refuses an `exp` of more than 10 minutes ahead."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`status` 0: there was none, and `body` says why. `ahead`: our clock minus GitHub's, in seconds."""

    status: int
    body: Any
    ahead: float | None = None

    @property
    def good(self) -> bool:
        """Whether GitHub gave what was asked for."""
        return self.status == 200


class GitHubSession:
    """A conversation as the App; a context manager. Nothing is retried: what fails is the finding."""

    def __init__(self, api_url: str, app_id: str, private_key: str) -> None:
        self._app_id, self._private_key = app_id, private_key
        headers = {"Accept": "application/vnd.github+json", "User-Agent": "backend-architect"}
        self._client = httpx.Client(
            base_url=api_url, timeout=SECONDS, headers={**headers, "X-GitHub-Api-Version": API_VERSION}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def as_app(self, path: str) -> Answer:
        """GET as the App itself. Raises ValueError for a private key that is none."""
        return self._ask("GET", path, self._app_token())

    def as_installation(self, installation: int, permissions: dict[str, str]) -> InstallationSession | None:
        """A conversation with that installation's token, or None where it gets none."""
        path = f"/app/installations/{installation}/access_tokens"
        answer = self._ask("POST", path, self._app_token(), {"permissions": permissions})
        if answer.status != 201:
            return None
        return InstallationSession(self, answer.body["token"])

    def _app_token(self) -> str:
        now = int(time.time())
        claims = {"iat": now - BACKDATED, "exp": now + LIFETIME, "iss": self._app_id}
        try:
            return jwt.encode(claims, self._private_key, algorithm="RS256")
        except (jwt.PyJWTError, TypeError) as error:
            raise ValueError("not an RSA key in PEM") from error

    def _ask(self, method: str, path: str, token: str, body: Any = None) -> Answer:  # noqa: ANN401 - JSON
        try:
            answer = self._client.request(
                method, path, json=body, headers={"Authorization": f"Bearer {token}"}
            )
        except httpx.HTTPError as error:
            return Answer(status=0, body=type(error).__name__)
        try:
            found = answer.json()
        except ValueError:
            found = answer.text[:200]
        return Answer(status=answer.status_code, body=found, ahead=_ahead(answer.headers.get("date", "")))


class InstallationSession(msgspec.Struct, frozen=True):
    """Questions about the repositories of one installation."""

    session: GitHubSession
    token: str

    def __repr__(self) -> str:
        return "InstallationSession()"

    def ask(self, path: str) -> Answer:
        """GET with the installation's token."""
        return self.session._ask("GET", quote(path, safe="/?=&%"), self.token)  # noqa: SLF001


def _ahead(date: str) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
    except ValueError:
        return None
    # The header has whole seconds: on average it is half a second old.
    return time.time() - (moment.timestamp() + 0.5)
