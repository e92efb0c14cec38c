"""Where the App is installed, and what stands open there: reads alone, with each installation's own token."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlencode

import httpx
import msgspec
from githubkit import TokenAuthStrategy

from bot.errors import Postponed
from bot.github.app import GitHubApp
from bot.github.checks import CHECK_NAME, CheckRun
from bot.github.gate import Account
from bot.github.pulls import Side, User
from bot.github.refusal import GitHubRefused, Pause, RateLimited
from bot.github.transport import Bounds, Transport
from bot.ledger.budget import Lane

READ_PERMISSIONS: Mapping[str, str] = {"checks": "read", "metadata": "read", "pull_requests": "read"}
PER_PAGE = 100


class Installation(msgspec.Struct, frozen=True):
    """The App on one account. A suspended one gives no tokens."""

    id: int
    suspended_at: datetime.datetime | None = None


class InstalledRepository(msgspec.Struct, frozen=True):
    """A repository that an installation covers; nothing can be written to one that is archived."""

    id: int
    name: str
    owner: User
    archived: bool = False


class ListedPull(msgspec.Struct, frozen=True):
    """A pull request as a list shows it."""

    number: int
    state: str
    head: Side
    updated_at: datetime.datetime


class TimedRun(CheckRun, frozen=True):
    """A check run with the time when it was begun (or queued)."""

    started_at: datetime.datetime | None = None


class _Commit(msgspec.Struct):
    sha: str


class Reading:
    """Questions on an installation's account, counted; `asked` is their number so far. A context manager.

    Raises `Postponed` where the installation must wait, and what `Transport` raises.
    """

    def __init__(self, app: GitHubApp, installation: int, account: Account | None = None) -> None:
        self.app, self.installation, self.asked = app, installation, 0
        self._account = account or Account()
        self._account.gate.enter(Lane.READS)
        self._token = app.token(installation, None, READ_PERMISSIONS)
        auth = TokenAuthStrategy(self._token.token)
        self._transport = Transport(
            app.api_url, auth, tls=app.tls, bounds=Bounds(spent=self._pause), seconds=app.seconds
        )

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._transport.__exit__(None, None, None)

    def repositories(self) -> tuple[InstalledRepository, ...]:
        """What the installation covers, by id."""
        found = msgspec.convert(
            list(self._pages("/installation/repositories", "repositories")), list[InstalledRepository]
        )
        return tuple(sorted(found, key=lambda repository: repository.id))

    def open_pulls(self, full_name: str) -> tuple[ListedPull, ...]:
        """The repository's open pull requests."""
        return tuple(msgspec.convert(list(self._pages(f"/repos/{full_name}/pulls")), list[ListedPull]))

    def closed_pulls(self, full_name: str) -> tuple[ListedPull, ...]:
        """The hundred closed pull requests that changed last, newest first."""
        path = f"/repos/{full_name}/pulls"
        found = self._read(path, state="closed", sort="updated", direction="desc", per_page=PER_PAGE)
        return tuple(msgspec.convert(found, list[ListedPull]))

    def commits(self, full_name: str, number: int) -> tuple[str, ...]:
        """The pull request's commits, oldest first."""
        found = msgspec.convert(
            list(self._pages(f"/repos/{full_name}/pulls/{number}/commits")), list[_Commit]
        )
        return tuple(commit.sha for commit in found)

    def check_runs(self, full_name: str, sha: str) -> tuple[TimedRun, ...]:
        """Our own check's runs on a commit."""
        path = f"/repos/{full_name}/commits/{sha}/check-runs"
        found = self._pages(path, "check_runs", check_name=CHECK_NAME, filter="all")
        runs = msgspec.convert(list(found), list[TimedRun])
        return tuple(run for run in runs if run.app is None or str(run.app.id) == self.app.app_id)

    def _pages(self, path: str, key: str | None = None, **parameters: str | int) -> Iterator[Any]:
        page = 1
        while True:
            answer = self._read(path, per_page=PER_PAGE, page=page, **parameters)
            items = answer[key] if key else answer
            yield from items
            if len(items) < PER_PAGE:
                return
            page += 1

    def _read(self, path: str, **parameters: str | int) -> Any:  # noqa: ANN401 - JSON
        self.asked += 1
        self._account.gate.enter(Lane.READS)
        address = f"{path}?{urlencode(parameters)}"
        known = self._account.held.find(address)
        try:
            answer = self._transport.reread(path, parameters, known[0] if known else None)
        except RateLimited as limited:
            raise Postponed(self._pause(limited.pause), limited.reason) from None
        except GitHubRefused as refused:
            if refused.status == httpx.codes.UNAUTHORIZED:
                self.app.forget(self._token)
            raise
        if known and answer.unchanged:
            return msgspec.json.decode(known[1])
        if answer.tag:
            self._account.held.keep(address, answer.tag, msgspec.json.encode(answer.body))
        return answer.body

    def _pause(self, asked: Pause) -> float:
        return self._account.gate.pause(asked.seconds, said=asked.said)


def installations(app: GitHubApp) -> tuple[Installation, ...]:
    """Every installation of the App, by id."""
    found: list[Installation] = []
    with app.conversation() as transport:
        page: list[Installation] | None = None
        while page is None or len(page) == PER_PAGE:
            parameters = {"per_page": PER_PAGE, "page": len(found) // PER_PAGE + 1}
            page = msgspec.convert(transport.read("/app/installations", parameters), list[Installation])
            found += page
    return tuple(sorted(found, key=lambda installation: installation.id))
