"""How often each step of healing is due, shared by all sweepers through Redis."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from redis import Redis

from bot.ledger.lease import milliseconds
from bot.ledger.names import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between two redelivery sweeps, two looks at pull requests, for orphans, and for what is gone.

    `questions`: how many requests one look may cost. `patience`, `grace`: see `Terms`, in seconds.
    """

    redelivery: float
    reconciliation: float
    adoption: float
    tidying: float
    questions: int
    patience: float
    grace: float

    @property
    def first_redelivery_pause(self) -> datetime.timedelta:
        """The pause before a delivery is asked for a second time."""
        return datetime.timedelta(seconds=self.redelivery)


def due(redis: Redis, scope: Scope, step: str, *, seconds: float) -> bool:
    """Whether the step is due; if so, it is not due again for `seconds`."""
    return bool(redis.set(scope.step(step), "1", nx=True, px=milliseconds(seconds)))


def put_off(redis: Redis, scope: Scope, step: str, *, seconds: float) -> None:
    """Let the step be due in `seconds` and not before."""
    redis.set(scope.step(step), "1", px=milliseconds(seconds))
