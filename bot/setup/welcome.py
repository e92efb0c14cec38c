"""The first check run of a new installation: completed, on a default branch, so that it can be required.

GitHub offers a check as required only after it succeeded in the repository within the last seven days.
Source: https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec
import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.errors import Postponed
from bot.github.app import GitHubApp
from bot.github.checks import CHECK_NAME, CheckRun, check_runs
from bot.github.connection import Connection
from bot.github.gate import Account
from bot.github.installations import InstalledRepository, Reading, installations
from bot.github.refusal import GitHubRefused, GitHubUnavailable
from bot.healing.wiring import Identity
from bot.ledger.budget import Budget, Limits
from bot.ledger.names import Scope
from bot.reviewer import limits_of
from bot.settings import Settings, SettingsError

log = structlog.get_logger(__name__)

MOST_REPOSITORIES = 10
OUTPUT = {
    "title": "Installed and ready",
    "summary": (
        "Pull requests of this repository are reviewed from now on. To keep what fails the review from being "
        f"merged, require the check **{CHECK_NAME}** in the branch's ruleset or protection, and choose this "
        "App as its expected source."
    ),
}


class _Record(msgspec.Struct, frozen=True):
    default_branch: str


class _Tip(msgspec.Struct, frozen=True):
    sha: str


class _Branch(msgspec.Struct, frozen=True):
    commit: _Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Looks for installations that were shown nothing yet. `redis` gives texts."""

    redis: Redis
    app: Callable[[], GitHubApp]
    scope: Scope
    look_seconds: float
    limits: Limits = field(default_factory=Limits)
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)

    def run(self, stopping: threading.Event) -> None:
        """Look until told to stop; whatever fails is logged and tried again."""
        while not stopping.is_set():
            try:
                self.look()
            except (RedisError, GitHubRefused, GitHubUnavailable, Postponed, SettingsError) as error:
                log.warning("not welcomed", error=type(error).__name__)
            stopping.wait(self.look_seconds)

    def look(self) -> int:
        """Show each new installation its check run; gives how many. One process at a time does it."""
        lock = f"{self.scope.welcomed}:lock"
        if not self.redis.set(lock, self.owner, nx=True, px=int(self.look_seconds * 900)):
            return 0
        new = [
            installation.id
            for installation in installations(self.app())
            if installation.suspended_at is None
            and not self.redis.sismember(self.scope.welcomed, str(installation.id))
        ]
        return sum(self._welcomed(installation) for installation in new)

    def _welcomed(self, installation: int) -> bool:
        try:
            return self._welcome(installation)
        except (GitHubRefused, GitHubUnavailable, Postponed) as error:
            log.warning("not welcomed", installation=installation, error=type(error).__name__)
            return False

    def _account(self, installation: int) -> Account:
        place = self.scope.place(installation)
        holder = f"{self.scope.welcomed}:{installation}"
        return Account(Budget(redis=self.redis, place=place, holder=holder, limits=self.limits))

    def _welcome(self, installation: int) -> bool:
        with Reading(self.app(), installation, self._account(installation)) as reading:
            covered = [each for each in reading.repositories() if not each.archived][:MOST_REPOSITORIES]
        if not any(self._show(installation, repository) for repository in covered):
            return False
        self.redis.sadd(self.scope.welcomed, str(installation))
        log.info("welcomed", installation=installation)
        return True

    def _show(self, installation: int, repository: InstalledRepository) -> bool:
        full_name = f"{repository.owner.login}/{repository.name}"
        with Connection(
            self.app(),
            installation=installation,
            repository=repository.id,
            full_name=full_name,
            guard=lambda: None,
            account=self._account(installation),
        ) as connection:
            sha = _head(connection)
            if sha is not None and not check_runs(connection, sha):
                _complete(connection, sha, f"ready:{installation}")
        return sha is not None


def welcome(settings: Settings) -> Welcome:
    """The welcome that the settings describe."""
    return Welcome(
        redis=Redis.from_url(settings.redis_url, decode_responses=True),
        app=Identity(settings),
        scope=Scope(settings.github_host, settings.github_app_id),
        look_seconds=settings.welcome_seconds,
        limits=limits_of(settings),
    )


def _head(connection: Connection) -> str | None:
    """The default branch's head; None while the repository is empty or out of reach."""
    try:
        branch = msgspec.convert(connection.read(""), _Record).default_branch
        return msgspec.convert(connection.read(f"/branches/{quote(branch)}"), _Branch).commit.sha
    except GitHubRefused as refused:
        if refused.status in (403, 404, 409, 451):
            return None
        raise


def _complete(connection: Connection, sha: str, external_id: str) -> None:
    body = {
        "name": CHECK_NAME,
        "head_sha": sha,
        "external_id": external_id,
        "status": "completed",
        "conclusion": "success",
        "output": OUTPUT,
    }

    def create() -> CheckRun:
        return msgspec.convert(connection.send("POST", "/check-runs", body), CheckRun)

    def find() -> CheckRun | None:
        return next((run for run in check_runs(connection, sha) if run.external_id == external_id), None)

    connection.settle(create, find)
