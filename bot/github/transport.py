"""One HTTP conversation with GitHub through githubkit, under our own retry policy."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx
from githubkit import AppAuthStrategy, GitHub, TokenAuthStrategy
from githubkit.cache import MemCacheStrategy
from githubkit.exception import GitHubException, RequestError

from bot.errors import Postponed
from bot.github.refusal import GitHubRefused, GitHubUnavailable, message, pause

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
API_VERSION = "2022-11-28"
_WAITS = (0.2, 0.8)

Json = Any


class Transport:
    """Reads are repeated in place, few and short. Writes are sent once: who writes looks before repeating.

    Raises `Postponed` for every kind of rate limit, `GitHubRefused` for other 4xx, and `GitHubUnavailable`
    for 5xx, broken connections and timeouts.
    """

    def __init__(
        self,
        api_url: str,
        auth: AppAuthStrategy | TokenAuthStrategy,
        *,
        tls: ssl.SSLContext,
        cache: MemCacheStrategy | None = None,
    ) -> None:
        self._github: GitHub[AppAuthStrategy | TokenAuthStrategy] = GitHub(
            auth,
            base_url=api_url,
            user_agent="backend-architect",
            timeout=TIMEOUT,
            ssl_verify=tls,
            http_cache=False,
            auto_retry=False,
            cache_strategy=cache or MemCacheStrategy(),
            event_hooks={"response": [_raise_for_refusal]},
        )

    def __enter__(self) -> Self:
        self._github.__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._github.__exit__(kind, error, trace)

    def read(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Json:
        """GET `path`, repeated where GitHub is unavailable."""
        return self.repeat_safely("GET", path, None, parameters)

    def repeat_safely(
        self, method: str, path: str, body: Json, parameters: Mapping[str, str | int] | None = None
    ) -> Json:
        """Send a request that may happen twice without harm."""
        for wait in _WAITS:
            try:
                return self.send(method, path, body, parameters)
            except GitHubUnavailable:
                time.sleep(wait * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret
        return self.send(method, path, body, parameters)

    def send(
        self, method: str, path: str, body: Json, parameters: Mapping[str, str | int] | None = None
    ) -> Json:
        """Send a request once; None where the answer has no body."""
        try:
            answer = self._github.request(
                method,
                path,
                params=dict(parameters) if parameters else None,
                json=body,
                headers={"X-GitHub-Api-Version": API_VERSION},
            )
        except RequestError as error:
            if isinstance(error.exc, Postponed | GitHubRefused | GitHubUnavailable):
                raise error.exc from None
            raise GitHubUnavailable(f"{method} {path}: {type(error.exc).__name__}") from error
        except GitHubException as error:
            raise GitHubUnavailable(f"{method} {path}: {type(error).__name__}") from error
        return _json(answer.raw_response, f"{method} {path}")


def _json(response: httpx.Response, request: str) -> Json:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise GitHubUnavailable(f"{request}: the answer is no JSON") from error


def _raise_for_refusal(response: httpx.Response) -> None:
    # Before githubkit looks: it reads Retry-After as a number only and knows fewer kinds of limit.
    if response.status_code < 400:
        return
    response.read()
    request = f"{response.request.method} {response.request.url.path}"
    text = message(response.text)
    seconds = pause(response.status_code, response.headers, response.text, time.time())
    if seconds is not None:
        raise Postponed(seconds, f"{request} answered {response.status_code}: {text}")
    if response.status_code >= 500:
        raise GitHubUnavailable(f"{request} answered {response.status_code}: {text}")
    raise GitHubRefused(response.status_code, request, text)
