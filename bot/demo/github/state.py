"""Everything the local GitHub remembers, in memory, behind one lock."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import threading
from collections.abc import Callable, Iterator

from bot.demo.github.accounts import App, Installation, InstallationToken, Kind, ManifestCode, User
from bot.demo.github.checks import CheckRun, CheckSuite
from bot.demo.github.conversation import IssueComment, Review, ReviewComment, Thread
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.refusal import Moved, not_found
from bot.demo.github.repository import Repository


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclasses.dataclass(slots=True, kw_only=True)
class State:
    """All records by id. Whoever reads or writes holds `lock`."""

    clock: Callable[[], datetime.datetime] = utc_now
    lock: threading.RLock = dataclasses.field(default_factory=threading.RLock)
    ids: Iterator[int] = dataclasses.field(default_factory=lambda: itertools.count(1001))
    users: dict[str, User] = dataclasses.field(default_factory=dict)
    apps: dict[int, App] = dataclasses.field(default_factory=dict)
    installations: dict[int, Installation] = dataclasses.field(default_factory=dict)
    tokens: dict[str, InstallationToken] = dataclasses.field(default_factory=dict)
    repositories: dict[int, Repository] = dataclasses.field(default_factory=dict)
    pulls: dict[int, PullRequest] = dataclasses.field(default_factory=dict)
    suites: dict[int, CheckSuite] = dataclasses.field(default_factory=dict)
    runs: dict[int, CheckRun] = dataclasses.field(default_factory=dict)
    issue_comments: dict[int, IssueComment] = dataclasses.field(default_factory=dict)
    reviews: dict[int, Review] = dataclasses.field(default_factory=dict)
    threads: dict[int, Thread] = dataclasses.field(default_factory=dict)
    former_names: dict[str, int] = dataclasses.field(default_factory=dict)
    manifest_codes: dict[str, ManifestCode] = dataclasses.field(default_factory=dict)

    def new_id(self) -> int:
        return next(self.ids)

    def user(self, login: str, kind: Kind = Kind.USER) -> User:
        """The account with this login, made if it is not there."""
        if login not in self.users:
            self.users[login] = User(id=self.new_id(), login=login, kind=kind)
        return self.users[login]

    def repository(self, owner: str, name: str) -> Repository:
        wanted = f"{owner}/{name}".lower()
        found = [each for each in self.repositories.values() if each.full_name.lower() == wanted]
        if found:
            return found[0]
        if self.former_names.get(wanted) in self.repositories:
            raise Moved(self.former_names[wanted])
        raise not_found()

    def pull(self, repository: Repository, number: int) -> PullRequest:
        for pull in self.pulls.values():
            if pull.repository is repository and pull.number == number:
                return pull
        raise not_found()

    def pulls_of(self, repository: Repository) -> list[PullRequest]:
        return [pull for pull in self.pulls.values() if pull.repository is repository]

    def review_comments(self) -> Iterator[ReviewComment]:
        for thread in self.threads.values():
            yield from thread.comments

    def review_comments_of(self, pull: PullRequest) -> list[ReviewComment]:
        found = [comment for comment in self.review_comments() if comment.thread.pull is pull]
        return sorted(found, key=lambda comment: comment.id)

    def review_comment(self, identifier: int) -> ReviewComment:
        for comment in self.review_comments():
            if comment.id == identifier:
                return comment
        raise not_found()

    def runs_of(self, suite: CheckSuite) -> list[CheckRun]:
        return [run for run in self.runs.values() if run.suite is suite]

    def installations_on(self, repository: Repository) -> list[Installation]:
        return [each for each in self.installations.values() if repository.id in each.repository_ids]
