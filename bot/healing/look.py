"""A look at one repository's pull requests: whatever was lost of them is wanted again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import structlog
from redis import Redis

from bot.attempt import is_about
from bot.github.installations import InstalledRepository, ListedPull, Reading, TimedRun
from bot.healing.demand import Demand
from bot.healing.head import Verdict, judge
from bot.ledger.names import Scope

log = structlog.get_logger(__name__)

REMEMBERED = datetime.timedelta(hours=1)
"""How long a head that was found reviewed is not looked at again."""
EARLIER_COMMITS = 10
RECENTLY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`patience`: the longest that a review may take. `grace`: how long a delivery may be on its way.

    `thorough`: Redis lost its data. Then nobody is at work on what it does not know, and what a worker left
    open on earlier commits and on closed pull requests is looked for too.
    """

    patience: datetime.timedelta
    grace: datetime.timedelta
    thorough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One repository, seen with the token of the installation that covers it."""

    reading: Reading
    redis: Redis
    scope: Scope
    repository: InstalledRepository
    terms: Terms
    now: datetime.datetime

    def at_open_pulls(self) -> None:
        """Want a review of each head that has none."""
        known = self.redis.hgetall(self._heads)
        reviewed: dict[str, str] = {}
        for pull in self.reading.open_pulls(self._name):
            if known.get(str(pull.number)) != pull.head.sha and self._is_reviewed(pull):
                reviewed[str(pull.number)] = pull.head.sha
        if reviewed:
            self.redis.hset(self._heads, items=[part for pair in reviewed.items() for part in pair])
            if self.redis.ttl(self._heads) < 0:
                self.redis.expire(self._heads, REMEMBERED)

    def at_closed_pulls(self) -> None:
        """End what was left open when a pull request was closed."""
        for pull in self.reading.closed_pulls(self._name):
            demand = self._demand(pull)
            if self.now - pull.updated_at < RECENTLY and demand.standing().idle:
                self._want(demand, pull, self._left_open(pull, (pull.head.sha,)))

    def _is_reviewed(self, pull: ListedPull) -> bool:
        demand = self._demand(pull)
        if not demand.standing().idle:
            return False
        patience = datetime.timedelta.min if self.terms.thorough else self.terms.patience
        head = judge(self._runs(pull, pull.head.sha), self.now, patience)
        left = self._left_open(pull, self._earlier(pull))
        is_late = self.terms.thorough or self.now - pull.updated_at >= self.terms.grace
        if head.verdict is Verdict.MISSING and is_late:
            self._want(demand, pull, left, anyway="nothing was reviewed")
        else:
            self._want(demand, pull, head.run or left)
        return head.verdict is Verdict.REVIEWED

    def _want(self, demand: Demand, pull: ListedPull, run: int, *, anyway: str = "") -> None:
        if (run or anyway) and demand.want(pull.head.sha, run):
            log.info("review wanted again", item=demand.item, why=anyway or f"check run {run} did not end")

    def _earlier(self, pull: ListedPull) -> tuple[str, ...]:
        if not self.terms.thorough:
            return ()
        commits = self.reading.commits(self._name, pull.number)
        return tuple(sha for sha in commits if sha != pull.head.sha)[-EARLIER_COMMITS:]

    def _left_open(self, pull: ListedPull, commits: tuple[str, ...]) -> int:
        """Have the next review end what is open on these commits; gives a run that is, or 0."""
        found = 0
        for sha in commits:
            if runs := [run for run in self._runs(pull, sha) if not run.completed]:
                self._demand(pull).end(sha)
                found = runs[-1].id
        return found

    def _runs(self, pull: ListedPull, sha: str) -> list[TimedRun]:
        held = self.reading.check_runs(self._name, sha)
        return [run for run in held if is_about(run, self.repository.id, pull.number)]

    def _demand(self, pull: ListedPull) -> Demand:
        return Demand(
            redis=self.redis,
            scope=self.scope,
            installation=self.reading.installation,
            repository=self.repository,
            number=pull.number,
        )

    @property
    def _name(self) -> str:
        return f"{self.repository.owner.login}/{self.repository.name}"

    @property
    def _heads(self) -> str:
        return self.scope.heads(self.reading.installation, self.repository.id)
