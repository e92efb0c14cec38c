"""Pull requests: state, files as GitHub shows them, merge base, and the way from a commit to its pull."""

from __future__ import annotations

import msgspec

from bot.github.connection import Connection
from bot.github.refusal import GitHubRefused


class User(msgspec.Struct, frozen=True):
    """An account; `type` is User, Bot or Organization."""

    login: str
    type: str = "User"


class RepositoryRecord(msgspec.Struct, frozen=True):
    """A repository as a pull request's side names it."""

    id: int
    full_name: str


class Side(msgspec.Struct, frozen=True):
    """Head or base; `repo` is None where a fork was deleted."""

    sha: str
    ref: str
    repo: RepositoryRecord | None = None


class PullRequest(msgspec.Struct, frozen=True):
    """A pull request as GitHub shows it now."""

    number: int
    state: str
    html_url: str
    head: Side
    base: Side
    user: User | None = None
    draft: bool = False


class PullFile(msgspec.Struct, frozen=True):
    """A changed file; `patch` is missing for binary and very large ones."""

    filename: str
    status: str
    previous_filename: str | None = None
    patch: str | None = None


class _Commit(msgspec.Struct):
    sha: str


class _Compared(msgspec.Struct):
    merge_base_commit: _Commit


def pull_request(connection: Connection, number: int) -> PullRequest:
    """The pull request `number`."""
    return msgspec.convert(connection.read(f"/pulls/{number}"), PullRequest)


def pull_requests_of(connection: Connection, sha: str) -> tuple[PullRequest, ...]:
    """Open pull requests whose head is this commit: also those of forks, which check events leave out."""
    found = connection.pages(f"/commits/{sha}/pulls")
    pulls = msgspec.convert(list(found), list[PullRequest])
    return tuple(pull for pull in pulls if pull.state == "open" and pull.head.sha == sha)


def changed_files(connection: Connection, number: int) -> tuple[PullFile, ...]:
    """What GitHub lists as changed: at most 3,000 files."""
    return tuple(msgspec.convert(list(connection.pages(f"/pulls/{number}/files")), list[PullFile]))


def merge_base(connection: Connection, base: str, head: str) -> str | None:
    """The merge base that GitHub's own diff starts from; None where the histories share nothing."""
    try:
        # The second page has no files in it.
        answer = connection.read(f"/compare/{base}...{head}", per_page=1, page=2)
    except GitHubRefused as refused:
        if refused.status in (404, 422):
            return None
        raise
    return msgspec.convert(answer, _Compared).merge_base_commit.sha
