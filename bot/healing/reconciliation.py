"""Open pull requests whose head nobody reviewed, and check runs that nobody will end: found on GitHub."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import structlog
from redis import Redis

from bot.errors import Postponed
from bot.github.app import GitHubApp
from bot.github.gate import Account
from bot.github.installations import InstalledRepository, Reading, installations
from bot.github.refusal import GitHubRefused, GitHubUnavailable
from bot.healing.look import Look, Terms
from bot.ledger.answers import Answers
from bot.ledger.budget import Budget, Limits
from bot.ledger.names import Scope

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Allowance:
    """How many questions one look may still ask of GitHub; None for no limit."""

    left: int | None

    def spend(self, questions: int) -> None:
        """Count questions that were asked."""
        if self.left is not None:
            self.left -= questions

    @property
    def spent(self) -> bool:
        """Whether it is time to stop and go on another time."""
        return self.left is not None and self.left <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Looks at every installation in turn."""

    app: GitHubApp
    redis: Redis
    scope: Scope
    terms: Terms
    limits: Limits = field(default_factory=Limits)

    def sweep(self, now: datetime.datetime, allowance: Allowance) -> bool:
        """Look from where the last look ended, as far as the allowance goes.

        False where an installation could not be looked at, and the rest was.
        """
        complete = True
        after = self._cursor()
        for installation in installations(self.app):
            if installation.suspended_at is not None or installation.id < after[0]:
                continue
            if self.terms.thorough and self.redis.sismember(self.scope.rebuilt, str(installation.id)):
                continue
            start = after[1] if installation.id == after[0] else 0
            try:
                stopped_at = self._installation(installation.id, now, allowance, start)
            except GitHubRefused as refused:
                # No later look would be answered otherwise: it is what the installation allows.
                log.warning("installation refused", installation=installation.id, reason=str(refused))
                continue
            except (Postponed, GitHubUnavailable) as error:
                log.warning("installation not looked at", installation=installation.id, reason=str(error))
                complete = False
                continue
            if self.terms.thorough:
                self.redis.sadd(self.scope.rebuilt, str(installation.id))
            if stopped_at is not None:
                self.redis.set(self.scope.cursor, f"{installation.id}/{stopped_at}")
                return complete
        self.redis.delete(self.scope.cursor)
        return complete

    def installation(self, installation: int, now: datetime.datetime) -> None:
        """Look at one installation alone. Raises what the requests to GitHub raise."""
        self._installation(installation, now, Allowance(None), 0)

    def _installation(
        self, installation: int, now: datetime.datetime, allowance: Allowance, after: int
    ) -> int | None:
        """The repository after which the allowance was spent, or None when all were looked at."""
        with Reading(self.app, installation, self._account(installation)) as reading:
            counted = 0
            for repository in reading.repositories():
                if repository.archived or repository.id <= after:
                    continue
                self._repository(reading, repository, now)
                allowance.spend(reading.asked - counted)
                counted = reading.asked
                if allowance.spent:
                    return repository.id
        return None

    def _repository(self, reading: Reading, repository: InstalledRepository, now: datetime.datetime) -> None:
        look = Look(
            reading=reading,
            redis=self.redis,
            scope=self.scope,
            repository=repository,
            terms=self.terms,
            now=now,
        )
        try:
            look.at_open_pulls()
            if self.terms.thorough:
                look.at_closed_pulls()
        except GitHubRefused as refused:
            log.info("repository not looked at", repository=repository.id, status=refused.status)

    def _account(self, installation: int) -> Account:
        place = self.scope.place(installation)
        budget = Budget(redis=self.redis, place=place, holder=self.scope.healing, limits=self.limits)
        return Account(budget, Answers(redis=self.redis, place=place))

    def _cursor(self) -> tuple[int, int]:
        installation, _, repository = str(self.redis.get(self.scope.cursor) or "0/0").partition("/")
        return int(installation), int(repository)
