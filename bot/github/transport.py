"""One HTTP conversation with GitHub through githubkit, under our own retry policy."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
from githubkit import AppAuthStrategy, GitHub, TokenAuthStrategy
from githubkit.cache import MemCacheStrategy
from githubkit.exception import GitHubException, RequestError

from bot.errors import Postponed
from bot.github.graph import raise_for_errors
from bot.github.refusal import (
    GitHubRefused,
    GitHubUnavailable,
    Pause,
    RateLimited,
    exhausted,
    message,
    pause,
)
from bot.measurements import note_answer

ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5.0
API_VERSION = "2022-11-28"
_WAITS = (0.2, 0.8)
_NO_HEADERS: Mapping[str, str] = {}

Json = Any


class Reread(msgspec.Struct, frozen=True):
    """A read that names what we have: `body` is None where that is `unchanged`."""

    body: Json
    tag: str | None
    unchanged: bool


def freely(method: str, path: str) -> None:
    """Let every request through."""
    del method, path


def on_nobodys_account(left_alone: Pause) -> None:
    """Nothing to remember."""
    del left_alone


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whom a conversation asks.

    `admit`: before every request, with its method and path; raises where it must not be sent. `spent`: after
    a success that was the last one until GitHub's reset.
    """

    admit: Callable[[str, str], None] = freely
    spent: Callable[[Pause], object] = on_nobodys_account


FREE = Bounds()


class Transport:
    """Reads are repeated in place, few and short. Writes are sent once: who writes looks before repeating.

    GitHub gets `seconds` to answer. Raises `RateLimited` for every kind of rate limit, `GitHubRefused` for
    other 4xx, and `GitHubUnavailable` for 5xx, broken connections and timeouts, and what `bounds` raise.
    """

    def __init__(
        self,
        api_url: str,
        auth: AppAuthStrategy | TokenAuthStrategy,
        *,
        tls: ssl.SSLContext,
        cache: MemCacheStrategy | None = None,
        bounds: Bounds = FREE,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._bounds = bounds
        self._github: GitHub[AppAuthStrategy | TokenAuthStrategy] = GitHub(
            auth,
            base_url=api_url,
            user_agent="backend-architect",
            timeout=httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
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
        answer = _repeated(lambda: self._answer(method, path, body, parameters))
        return _json(answer, f"{method} {path}")

    def reread(self, path: str, parameters: Mapping[str, str | int], tag: str | None) -> Reread:
        """GET `path` if it changed since it had the ETag `tag`: else it costs no hourly limit."""
        given = {"If-None-Match": tag} if tag else {}
        response = _repeated(lambda: self._answer("GET", path, None, parameters, given))
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Reread(None, tag, unchanged=True)
        return Reread(_json(response, f"GET {path}"), response.headers.get("etag"), unchanged=False)

    def send(
        self, method: str, path: str, body: Json, parameters: Mapping[str, str | int] | None = None
    ) -> Json:
        """Send a request once; None where the answer has no body."""
        return _json(self._answer(method, path, body, parameters), f"{method} {path}")

    def graph(self, address: str, document: str, variables: Mapping[str, Json], *, changes: bool) -> Json:
        """The data that a GraphQL operation gives; one that `changes` nothing is repeated as reads are.

        GitHub answers 200 where it refuses one: that is raised as REST's refusals are.
        """
        body = {"query": document, "variables": dict(variables)}

        def ask() -> httpx.Response:
            return self._answer("POST", address, body, None, counts_as="POST" if changes else "GET")

        answer = _json(ask() if changes else _repeated(ask), "GraphQL")
        raise_for_errors(answer)
        return answer["data"]

    def page(self, path: str, parameters: Mapping[str, str | int]) -> tuple[Json, str | None]:
        """One page of a list that is paged by cursors, and the cursor of the next page.

        Of the address that GitHub gives for it only the cursor is taken: no other host is ever asked.
        """
        response = self._answer("GET", path, None, parameters)
        following = httpx.URL(response.links.get("next", {}).get("url", ""))
        return _json(response, f"GET {path}"), following.params.get("cursor")

    def _answer(
        self,
        method: str,
        path: str,
        body: Json,
        parameters: Mapping[str, str | int] | None,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        counts_as: str = "",
    ) -> httpx.Response:
        self._bounds.admit(counts_as or method, path)
        try:
            answer = self._github.request(
                method,
                path,
                params=dict(parameters) if parameters else None,
                json=body,
                headers={"X-GitHub-Api-Version": API_VERSION, **headers},
            )
        except RequestError as error:
            if isinstance(error.exc, Postponed | GitHubRefused | GitHubUnavailable):
                raise error.exc from None
            late = isinstance(error.exc, httpx.ReadTimeout | httpx.WriteTimeout)
            raise GitHubUnavailable(f"{method} {path}: {type(error.exc).__name__}", pending=late) from error
        except GitHubException as error:
            raise GitHubUnavailable(f"{method} {path}: {type(error).__name__}") from error
        response = answer.raw_response
        left_alone = exhausted(response.headers, time.time())
        if left_alone is not None:
            self._bounds.spent(left_alone)
        return response


def _repeated(request: Callable[[], httpx.Response]) -> httpx.Response:
    for wait in _WAITS:
        try:
            return request()
        except GitHubUnavailable:
            time.sleep(wait * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret
    return request()


def _json(response: httpx.Response, request: str) -> Json:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise GitHubUnavailable(f"{request}: the answer is no JSON") from error


def _raise_for_refusal(response: httpx.Response) -> None:
    note_answer(response.status_code, response.headers.get("x-ratelimit-remaining"))
    # Before githubkit looks: it reads Retry-After as a number only and knows fewer kinds of limit.
    if response.status_code < 400:
        return
    response.read()
    request = f"{response.request.method} {response.request.url.path}"
    text = message(response.text)
    wait = pause(response.status_code, response.headers, response.text, time.time())
    if wait is not None:
        raise RateLimited(wait, f"{request} answered {response.status_code}: {text}")
    if response.status_code >= 500:
        raise GitHubUnavailable(f"{request} answered {response.status_code}: {text}")
    raise GitHubRefused(response.status_code, request, text)
