"""The App's conversation about one repository: narrowed token, pages, and writes that are never doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from githubkit import TokenAuthStrategy

from bot.github.app import REVIEW_PERMISSIONS, GitHubApp, Token
from bot.github.refusal import GitHubRefused, GitHubUnavailable
from bot.github.transport import Transport

T = TypeVar("T")
Json = Any
PER_PAGE = 100


class Connection:
    """Requests about `owner/name` with a token of that repository alone; a context manager.

    `guard` is called before every write, and raises where this worker must not write any more.
    """

    def __init__(
        self,
        app: GitHubApp,
        *,
        installation: int,
        repository: int,
        full_name: str,
        guard: Callable[[], None],
    ) -> None:
        self.app = app
        self.repository = repository
        self.full_name = full_name
        self.guard = guard
        self._installation = installation
        self._token: Token | None = None
        self._transport: Transport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def read(self, path: str, **parameters: str | int) -> Json:
        """GET a path below the repository."""
        return self._once_more_if_expired(lambda transport: transport.read(self._url(path), parameters))

    def pages(self, path: str, key: str | None = None, **parameters: str | int) -> Iterator[Json]:
        """Every item of a paged list; `key` names the list where the page is an object."""
        page = 1
        while True:
            answer = self.read(path, per_page=PER_PAGE, page=page, **parameters)
            items = answer[key] if key else answer
            yield from items
            if len(items) < PER_PAGE:
                return
            page += 1

    def send(self, method: str, path: str, body: Json = None) -> Json:
        """Send a write once. `GitHubUnavailable` leaves open whether it happened."""
        self.guard()
        return self._once_more_if_expired(lambda transport: transport.send(method, self._url(path), body))

    @property
    def installation(self) -> int:
        """The installation whose tokens are used."""
        return self._installation

    def settle(self, write: Callable[[], T], find: Callable[[], T | None]) -> T:
        """Do `write`; where its answer is lost, look with `find` and repeat only what did not happen."""
        try:
            return write()
        except GitHubUnavailable:
            found = find()
            return found if found is not None else write()

    def _url(self, path: str) -> str:
        return f"/repos/{self.full_name}{path}"

    def _once_more_if_expired(self, request: Callable[[Transport], Json]) -> Json:
        # A 401 says that nothing was done, so writes may be repeated too.
        try:
            return request(self._connected())
        except GitHubRefused as refused:
            if refused.status != 401 or self._token is None:
                raise
            self.app.forget(self._token)
            self._hang_up()
        return request(self._connected())

    def _connected(self) -> Transport:
        if self._transport is None:
            self._token = self.app.token(self._installation, self.repository, REVIEW_PERMISSIONS)
            transport = Transport(self.app.api_url, TokenAuthStrategy(self._token.token), tls=self.app.tls)
            self._transport = transport.__enter__()
        return self._transport

    def _hang_up(self) -> None:
        if self._transport is not None:
            self._transport.__exit__(None, None, None)
            self._transport = None
