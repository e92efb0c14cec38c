"""The local GitHub as tests and the demo hold it: start it, fill it, act on it, look at what it saw."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.applications import Starlette

from bot.demo.github import git, registration, tokens
from bot.demo.github.accounts import App, Installation, InstallationToken
from bot.demo.github.actions import pull_requests, pushes
from bot.demo.github.api import Api
from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import IssueComment, Review, ReviewComment, Thread
from bot.demo.github.exchange import Observer, ignore
from bot.demo.github.faults import Faults
from bot.demo.github.hooks.hub import Hub
from bot.demo.github.page.apps import AppPages
from bot.demo.github.page.site import Site
from bot.demo.github.person import Person
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.rates import Rates
from bot.demo.github.repository import Repository
from bot.demo.github.request_log import RequestLog
from bot.demo.github.server import Server
from bot.demo.github.smart_http import SmartHttp
from bot.demo.github.state import State, utc_now
from bot.demo.github.surface import Surface

PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "checks": "write",
    "issues": "write",
    "merge_queues": "read",
}
EVENTS = (
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "issue_comment",
    "check_run",
    "check_suite",
    "merge_group",
)
AUTHOR = "Demo Author <author@example.com>"


class LocalGitHub:
    """A GitHub on loopback, in a thread of this process, with its repositories under `data_folder`."""

    def __init__(
        self,
        data_folder: Path,
        *,
        port: int = 0,
        observe: Observer = ignore,
        clock: Callable[[], datetime.datetime] = utc_now,
    ) -> None:
        self.data_folder = data_folder
        self.state = State(clock=clock)
        self.faults = Faults()
        self.rates = Rates()
        self.log = RequestLog()
        self._server = Server(port)
        self.url = self._server.url
        self.hub = Hub(self.state, self.url)
        self._surface = Surface(
            faults=self.faults,
            rates=self.rates,
            log=self.log,
            observe=observe,
            connections=self._server,
            owner_of=lambda authorization: tokens.owner_of(self.state, authorization),
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The base URL of the REST API in the form of GitHub Enterprise; `url` itself works too."""
        return f"{self.url}/api/v3"

    def start(self) -> None:
        api = Api(state=self.state, hub=self.hub, surface=self._surface)
        git_service = SmartHttp(state=self.state, surface=self._surface)
        site = Site(state=self.state, url=self.url)
        apps = AppPages(state=self.state, hub=self.hub)
        routes = [*api.routes(), *git_service.routes(), *apps.routes(), *site.routes()]
        self._server.start(Starlette(routes=routes))

    def stop(self) -> None:
        """Stop serving and delivering; the repositories stay on disk."""
        self.hub.close()
        self._server.stop()

    def create_app(
        self,
        slug: str = "backend-architect",
        *,
        webhook_url: str = "",
        webhook_secret: str = "webhook-secret",  # noqa: S107 - a secret of a demonstration
        permissions: Mapping[str, str] = PERMISSIONS,
        events: Sequence[str] = EVENTS,
        owner: str = "octo-org",
    ) -> App:
        """Register an App. Its `private_key` is PEM; an empty `webhook_url` means no deliveries."""
        with self.state.lock:
            return registration.register(
                self.state,
                slug=slug,
                owner=self.state.user(owner),
                webhook_url=webhook_url,
                webhook_secret=webhook_secret,
                permissions=permissions,
                events=events,
            )

    def install(self, app: App, *repositories: Repository) -> Installation:
        with self.state.lock:
            return registration.install(self.state, self.hub, app, repositories)

    def token(
        self,
        installation: Installation,
        *repositories: Repository,
        permissions: Mapping[str, str] | None = None,
    ) -> InstallationToken:
        """An installation token without going through the API, narrowed if repositories are named."""
        body: dict[str, object] = {"permissions": permissions and dict(permissions)}
        if repositories:
            body["repository_ids"] = [each.id for each in repositories]
        with self.state.lock:
            return tokens.mint(self.state, installation, body)

    def create_repository(
        self, full_name: str, *, default_branch: str = "main", roles: Mapping[str, str] | None = None
    ) -> Repository:
        """An empty repository `owner/name`; `roles` map logins to read, triage, write, maintain or admin."""
        owner, _, name = full_name.partition("/")
        with self.state.lock:
            repository = self._new_repository(owner, name, default_branch, parent=None)
            repository.roles.update(roles or {})
            for login in repository.roles:
                self.state.user(login)
            git.create(repository.folder, default_branch)
        return repository

    def fork(self, repository: Repository, owner: str) -> Repository:
        """A copy of the repository's default branch under another owner."""
        with self.state.lock:
            copy = self._new_repository(owner, repository.name, repository.default_branch, parent=repository)
            git.create(copy.folder, copy.default_branch)
            tip = git.resolve(repository.folder, f"refs/heads/{repository.default_branch}")
            git.bring(copy.folder, repository.folder, tip)
            git.set_ref(copy.folder, f"refs/heads/{copy.default_branch}", tip)
        return copy

    def _new_repository(
        self, owner: str, name: str, default_branch: str, parent: Repository | None
    ) -> Repository:
        identifier = self.state.new_id()
        repository = Repository(
            id=identifier,
            owner=self.state.user(owner),
            name=name,
            folder=self.data_folder / "repositories" / f"{identifier}.git",
            default_branch=default_branch,
            created_at=self.state.clock(),
            parent=parent,
        )
        self.state.repositories[identifier] = repository
        return repository

    def push(  # noqa: PLR0913 - each is a fact of the commit
        self,
        repository: Repository,
        branch: str,
        files: Mapping[str, bytes | str | None],
        message: str,
        *,
        onto: str | None = None,
        by: str = "author",
        author: str = AUTHOR,
        when: datetime.datetime | None = None,
    ) -> str:
        """Commit `files` to `branch` (None removes one) and tell whom it concerns. Answers the sha.

        `onto` is the parent where it is not the branch's own tip, or for a new branch the default branch's:
        naming an older commit makes it a force push.
        """
        contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        with self.state.lock:
            tips = git.branches(repository.folder)
            parent = onto or tips.get(branch) or tips.get(repository.default_branch)
            sha = git.commit(
                repository.folder,
                branch=branch,
                files=contents,
                message=message,
                author=author,
                when=when or self.state.clock(),
                parent=parent and git.resolve(repository.folder, parent),
            )
            pushes.branch_moved(self.state, self.hub, repository, branch, self.state.user(by))
        return sha

    def open_pull_request(  # noqa: PLR0913 - each is a fact of the pull request
        self,
        repository: Repository,
        head_branch: str,
        *,
        title: str,
        body: str = "",
        base_branch: str | None = None,
        fork: Repository | None = None,
        by: str = "author",
        is_draft: bool = False,
    ) -> PullRequest:
        """A pull request from a branch of the repository, or of `fork`."""
        with self.state.lock:
            return pull_requests.open_pull(
                self.state,
                self.hub,
                repository=repository,
                head=fork or repository,
                head_branch=head_branch,
                base_branch=base_branch or repository.default_branch,
                title=title,
                body=body,
                author=self.state.user(by),
                is_draft=is_draft,
            )

    def person(self, login: str) -> Person:
        """Someone who comments, closes, asks for checks again; see `Person`."""
        with self.state.lock:
            return Person(state=self.state, hub=self.hub, user=self.state.user(login))

    def check_runs(self, pull: PullRequest) -> list[CheckRun]:
        """All check runs on the pull request's head, oldest first."""
        with self.state.lock:
            own = [run for run in self.state.runs.values() if run.suite.repository is pull.repository]
            return [run for run in own if run.head_sha == pull.head_sha]

    def issue_comments(self, pull: PullRequest) -> list[IssueComment]:
        with self.state.lock:
            return [comment for comment in self.state.issue_comments.values() if comment.pull is pull]

    def review_comments(self, pull: PullRequest) -> list[ReviewComment]:
        with self.state.lock:
            return self.state.review_comments_of(pull)

    def reviews(self, pull: PullRequest) -> list[Review]:
        with self.state.lock:
            return [review for review in self.state.reviews.values() if review.pull is pull]

    def threads(self, pull: PullRequest) -> list[Thread]:
        with self.state.lock:
            return [thread for thread in self.state.threads.values() if thread.pull is pull]

    def wait_for_deliveries(self, seconds: float = 30.0) -> None:
        """Until every delivery so far was answered or has failed."""
        self.hub.wait(seconds)
