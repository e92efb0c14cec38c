"""A local GitHub with one pull request, and the real reviewer and ledger that look at it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

import rules
from bot import jobs
from bot.demo.github.accounts import App, Installation
from bot.demo.github.checks import CheckRun
from bot.demo.github.exchange import Exchange, Observer, ignore
from bot.demo.github.local import PERMISSIONS, LocalGitHub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.github.app import GitHubApp
from bot.github.connection import Connection
from bot.ledger import intake, lease, names
from bot.ledger.budget import Limits
from bot.ledger.fence import Fence
from bot.repository.snapshot import Repositories
from bot.review import Services
from bot.reviewer import GitHubReviewer
from bot.triggers import CommandRequest, PullRequestKey, ReviewRequest
from tests.github.validated import Observations, PublishedContractBroken

MAIN = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int) -> int:
    return item_id
"""
SHADOWED = '''

@app.get("/items/latest")
def read_latest() -> int:
    """Never reached: the route above takes it first."""
    return 0
'''
START: dict[str, bytes | str | None] = {
    ".github/backend-architect.yml": "public: ['/**']\n",
    "app/__init__.py": "",
    "app/main.py": MAIN,
}
WRITES = ("POST", "PATCH", "PUT", "DELETE")
ONE_TRY = jobs.Policy(lease_seconds=30, retry_seconds=())


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that one test acts on."""

    github: LocalGitHub
    app: App
    installation: Installation
    repository: Repository
    pull: PullRequest
    reviewer: GitHubReviewer
    redis: Redis

    @property
    def key(self) -> PullRequestKey:
        host = self.github.url.removeprefix("http://")
        return PullRequestKey(
            host, str(self.app.id), self.installation.id, self.repository.id, self.pull.number
        )

    def request(self, attempt: str = "delivery-1", *, fresh: bool = False) -> ReviewRequest:
        return ReviewRequest(
            key=self.key,
            owner=self.repository.owner.login,
            name=self.repository.name,
            head=None,
            reason="pull_request.opened",
            attempt=attempt,
            fresh=fresh,
        )

    def command(self, line: str, comment: int, author: str) -> CommandRequest:
        return CommandRequest(
            key=self.key,
            owner=self.repository.owner.login,
            name=self.repository.name,
            comment_id=comment,
            comment_kind="issue",
            author=author,
            line=line,
        )

    def review(self, attempt: str = "delivery-1", *, fresh: bool = False) -> None:
        """What a delivery leads to, without the queue."""
        intake.want(self.redis, self.request(attempt, fresh=fresh))
        self.drain()

    def drain(self, policy: jobs.Policy = ONE_TRY) -> None:
        jobs.drain(self.redis, names.item_of(self.key), self.reviewer, policy)

    def push(self, files: dict[str, str | bytes | None]) -> str:
        return self.github.push(self.repository, "feature", files, "more")

    def check_runs(self) -> list[CheckRun]:
        return self.github.check_runs(self.pull)

    def connection(self) -> Connection:
        return connected(self.github, self.app, self.installation, self.repository)


def connected(
    github: LocalGitHub, app: App, installation: Installation, repository: Repository
) -> Connection:
    identity = GitHubApp(api_url=github.api_url, app_id=str(app.id), private_key=app.private_key)
    return Connection(
        identity,
        installation=installation.id,
        repository=repository.id,
        full_name=repository.full_name,
        guard=lambda: None,
    )


def services(folder: Path, redis: Redis, github: LocalGitHub, app: App) -> Services:
    identity = GitHubApp(api_url=github.api_url, app_id=str(app.id), private_key=app.private_key)
    return Services(
        app=identity,
        web_url=github.url,
        repositories=Repositories(folder / "mirrors"),
        facts=rules.FactCache(folder / "facts"),
        redis=redis,
        limits=Limits(comments_per_second=100, checks_per_second=100),
    )


@contextmanager
def world(
    folder: Path,
    redis: Redis,
    *,
    is_draft: bool = False,
    observe: Observer = ignore,
    permissions: Mapping[str, str] = PERMISSIONS,
) -> Iterator[World]:
    """The world; leaving raises where anything that we sent is not as GitHub publishes it."""
    observations = Observations()

    def both(exchange: Exchange) -> None:
        observations(exchange)
        observe(exchange)

    with LocalGitHub(folder / "github", observe=both) as github:
        app = github.create_app(permissions=permissions)
        repository = github.create_repository("acme/shop", roles={"maintainer": "write", "reader": "read"})
        installation = github.install(app, repository)
        github.push(repository, "main", START, "start")
        github.push(repository, "feature", {"app/main.py": MAIN + SHADOWED}, "add the latest item")
        pull = github.open_pull_request(repository, "feature", title="Latest item", is_draft=is_draft)
        yield World(
            github=github,
            app=app,
            installation=installation,
            repository=repository,
            pull=pull,
            reviewer=GitHubReviewer(services(folder, redis, github, app)),
            redis=redis,
        )
    if problems := observations.violations():
        raise PublishedContractBroken("\n".join(dict.fromkeys(problems)))


def held_lease(redis: Redis, key: PullRequestKey) -> lease.Lease:
    taken = lease.take(redis, names.item_of(key), seconds=30)
    assert taken is not None
    return taken


def writes(place: World) -> list[tuple[str, str]]:
    """What was written to the repository, in order."""
    entries = [entry for method in WRITES for entry in place.github.log.entries(method, "/repos/")]
    ordered = sorted(entries, key=lambda entry: entry.at)
    return [(entry.method, entry.path.rpartition("/")[2]) for entry in ordered]


def ended(place: World) -> list[tuple[str, str | None]]:
    return [(run.status, run.conclusion) for run in place.check_runs()]


def fence(place: World) -> Fence:
    lease = held_lease(place.redis, place.key)
    return Fence(redis=place.redis, item=lease.item, token=lease.token)


def shown(run: CheckRun) -> str:
    return f"{run.title}\n{run.summary}"
