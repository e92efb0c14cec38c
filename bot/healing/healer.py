"""The healer: one process of a deployment at a time looks for what was lost, step by step."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.errors import LeaseLost, Postponed
from bot.github.app import GitHubApp
from bot.github.refusal import GitHubRefused, GitHubUnavailable
from bot.healing import changes, orphans
from bot.healing.look import Terms
from bot.healing.pace import Pace, due, put_off
from bot.healing.reconciliation import Allowance, Reconciliation
from bot.healing.redelivery import Redelivery
from bot.ledger import lease
from bot.ledger.budget import Limits
from bot.ledger.fence import Fence
from bot.ledger.lease import Lease
from bot.ledger.names import Scope

log = structlog.get_logger(__name__)

RECENT = datetime.timedelta(hours=1)
"""After a loss: how old a command may be that was taken and is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Healer:
    """`app` gives the App with the key as it is now. `redis` gives texts.

    `look_seconds`: the pause between two looks whether a step is due.
    """

    app: Callable[[], GitHubApp]
    redis: Redis
    scope: Scope
    pace: Pace
    lease_seconds: float
    look_seconds: float
    limits: Limits = field(default_factory=Limits)

    def run(self, stopping: threading.Event) -> None:
        """Heal until told to stop; whatever fails is logged and tried again."""
        while not stopping.wait(self.look_seconds):
            try:
                self.heal()
            except RedisError as error:
                log.warning("healing failed", error=type(error).__name__)

    def heal(self) -> bool:
        """Do the steps that are due; False when another process is at it."""
        held = lease.take(self.redis, self.scope.healing, seconds=self.lease_seconds)
        if held is None:
            return False
        try:
            with lease.kept(held):
                for name, step in self._steps(held):
                    self._try(name, step)
        except LeaseLost:
            log.warning("healing lease lost")
        finally:
            lease.release(held)
        return True

    def _steps(self, held: Lease) -> Iterator[tuple[str, Callable[[], object]]]:
        redis, scope, pace = self.redis, self.scope, self.pace
        if redis.exists(scope.changes):
            yield "changes", self._apply_changes
        if not redis.exists(scope.alive) and due(redis, scope, "rebuild", seconds=pace.redelivery):
            yield "rebuild", lambda: self._rebuild(held)
        if due(redis, scope, "redelivery", seconds=pace.redelivery):
            yield "redelivery", lambda: self._redelivery(held).sweep(_now())
        if due(redis, scope, "adoption", seconds=pace.adoption):
            yield "adoption", lambda: orphans.adopt(redis, scope)
        if due(redis, scope, "reconciliation", seconds=pace.reconciliation):
            yield "reconciliation", self._reconcile
        if due(redis, scope, "tidying", seconds=pace.tidying):
            yield "tidying", lambda: changes.let_go_of_missing(redis, scope, self.app())

    def _try(self, name: str, step: Callable[[], object]) -> None:
        try:
            step()
        except (LeaseLost, RedisError):
            raise
        except Postponed as asked:
            put_off(self.redis, self.scope, name, seconds=asked.seconds)
            log.warning("healing postponed", step=name, seconds=asked.seconds)
        except (GitHubRefused, GitHubUnavailable) as error:
            log.warning("healing step failed", step=name, reason=str(error))
        except Exception:
            log.exception("healing step failed", step=name)

    def _apply_changes(self) -> None:
        for installation in changes.applied(self.redis, self.scope):
            terms = self._terms(grace=datetime.timedelta())
            self._try("changes", lambda: self._reconciliation(terms).installation(installation, _now()))  # noqa: B023

    def _rebuild(self, held: Lease) -> None:
        """Redis knows nothing: look at everything at once, and leave a mark when all was seen."""
        log.warning("redis holds nothing: looking at everything")
        now = _now()
        if not self.redis.exists(self.scope.rebuilt):
            self._redelivery(held).sweep(now, also_taken_since=now - RECENT)
        self.redis.delete(self.scope.cursor)
        terms = self._terms(grace=datetime.timedelta(), thorough=True)
        if self._reconciliation(terms).sweep(now, Allowance(None)):
            self.redis.set(self.scope.alive, now.isoformat())
            self.redis.delete(self.scope.rebuilt)

    def _reconcile(self) -> None:
        terms = self._terms(grace=datetime.timedelta(seconds=self.pace.grace))
        self._reconciliation(terms).sweep(_now(), Allowance(self.pace.questions))

    def _terms(self, *, grace: datetime.timedelta, thorough: bool = False) -> Terms:
        patience = datetime.timedelta(seconds=self.pace.patience)
        return Terms(patience=patience, grace=grace, thorough=thorough)

    def _reconciliation(self, terms: Terms) -> Reconciliation:
        return Reconciliation(
            app=self.app(), redis=self.redis, scope=self.scope, terms=terms, limits=self.limits
        )

    def _redelivery(self, held: Lease) -> Redelivery:
        return Redelivery(
            app=self.app(),
            redis=self.redis,
            scope=self.scope,
            pause=self.pace.first_redelivery_pause,
            guard=Fence(redis=self.redis, item=held.item, token=held.token).check_lease,
        )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
