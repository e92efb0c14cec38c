"""The App's conversation about one repository: narrowed token, pages, and writes that are never doubled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import msgspec
from githubkit import TokenAuthStrategy

from bot.errors import Postponed
from bot.github.app import REVIEW_PERMISSIONS, GitHubApp, Token
from bot.github.gate import Account, lane_of
from bot.github.graph import graph_address
from bot.github.refusal import GitHubRefused, GitHubUnavailable, Pause, RateLimited
from bot.github.transport import Bounds, Transport
from bot.ledger.budget import Lane

T = TypeVar("T")
Json = Any
PER_PAGE = 100
# What every review of a pull request reads again, and is mostly the same.
_READ_AGAIN = re.compile(
    r"/pulls/\d+(/reviews|/comments)?|/issues/\d+/comments|/commits/[0-9a-f]+/check-runs|/check-runs/\d+"
)


class Connection:
    """Requests about `owner/name` with a token of that repository alone; a context manager.

    `guard` is called before every write, and raises where this worker must not write any more. `account` is
    the installation's: it says when a request may be sent at all, and knows what GitHub said before.
    """

    def __init__(
        self,
        app: GitHubApp,
        *,
        installation: int,
        repository: int,
        full_name: str,
        guard: Callable[[], None],
        account: Account | None = None,
    ) -> None:
        self.app = app
        self.repository = repository
        self.full_name = full_name
        self.guard = guard
        self._account = account or Account()
        self._installation = installation
        self._lines: dict[frozenset[tuple[str, str]], tuple[Token, Transport]] = {}

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
        if _READ_AGAIN.fullmatch(path):
            return self._once_more_if_expired(lambda transport: self._reread(transport, path, parameters))
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

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        permissions: Mapping[str, str] = REVIEW_PERMISSIONS,
    ) -> Json:
        """Send a write once. `GitHubUnavailable` leaves open whether it happened."""
        return self._once_more_if_expired(
            lambda transport: transport.send(method, self._url(path), body), permissions
        )

    def graph(
        self,
        document: str,
        variables: Mapping[str, Json],
        *,
        changes: bool,
        permissions: Mapping[str, str] = REVIEW_PERMISSIONS,
    ) -> Json:
        """A GraphQL operation with a token for these permissions; `changes`: it writes, and is sent once."""
        address = graph_address(self.app.api_url)
        return self._once_more_if_expired(
            lambda transport: transport.graph(address, document, variables, changes=changes), permissions
        )

    @property
    def installation(self) -> int:
        """The installation whose tokens are used."""
        return self._installation

    def settle(self, write: Callable[[], T], find: Callable[[], T | None]) -> T:
        """Do `write`; where its answer is lost, look with `find` and repeat only what did not happen.

        What may happen yet is not repeated here: the next try looks again.
        """
        try:
            return write()
        except GitHubUnavailable as unavailable:
            found = find()
            if found is None and unavailable.pending:
                raise
            return found if found is not None else write()

    def _url(self, path: str) -> str:
        return f"/repos/{self.full_name}{path}"

    def token(self, permissions: Mapping[str, str]) -> Token:
        """A token for the repository, minted only while the installation may send requests."""
        self._account.gate.enter(Lane.READS)
        try:
            return self.app.token(self._installation, self.repository, permissions)
        except RateLimited as limited:
            raise self.limited(limited) from None

    def _reread(self, transport: Transport, path: str, parameters: Mapping[str, str | int]) -> Json:
        address = f"{self._url(path)}?{urlencode(parameters)}"
        known = self._account.held.find(address)
        answer = transport.reread(self._url(path), parameters, known[0] if known else None)
        if known and answer.unchanged:
            return msgspec.json.decode(known[1])
        if answer.tag:
            self._account.held.keep(address, answer.tag, msgspec.json.encode(answer.body))
        return answer.body

    def _once_more_if_expired(
        self, request: Callable[[Transport], Json], permissions: Mapping[str, str] = REVIEW_PERMISSIONS
    ) -> Json:
        # A 401 says that nothing was done, so writes may be repeated too.
        try:
            return self._asked(request, permissions)
        except GitHubRefused as refused:
            if refused.status != 401 or not self._lines:
                raise
            for token, _ in self._lines.values():
                self.app.forget(token)
            self._hang_up()
        return self._asked(request, permissions)

    def _asked(self, request: Callable[[Transport], Json], permissions: Mapping[str, str]) -> Json:
        try:
            return request(self._connected(permissions))
        except RateLimited as limited:
            raise self.limited(limited) from None

    def limited(self, limited: RateLimited) -> Postponed:
        """GitHub limited the installation: what to raise, with the seconds for which all of it waits."""
        return Postponed(self._pause(limited.pause), limited.reason)

    def _pause(self, asked: Pause) -> float:
        return self._account.gate.pause(asked.seconds, said=asked.said)

    def _admit(self, method: str, path: str) -> None:
        # The fence comes last: nothing may come between it and a write but the network.
        lane = lane_of(method, path.removeprefix(self._url("")))
        # A review is posted when its check run has ended: other pull requests' check runs come first.
        self._account.gate.enter(lane, briefly=method == "POST" and path.endswith("/reviews"))
        if method != "GET":
            self.guard()

    def _connected(self, permissions: Mapping[str, str]) -> Transport:
        key = frozenset(permissions.items())
        if key not in self._lines:
            token = self.token(permissions)
            transport = Transport(
                self.app.api_url,
                TokenAuthStrategy(token.token),
                tls=self.app.tls,
                bounds=Bounds(self._admit, self._pause),
                seconds=self.app.seconds,
            )
            self._lines[key] = (token, transport.__enter__())
        return self._lines[key][1]

    def _hang_up(self) -> None:
        while self._lines:
            _, (_, transport) = self._lines.popitem()
            transport.__exit__(None, None, None)
