"""Deliveries that did not arrive: GitHub lists them for three days and repeats them only when asked.

Source: https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from redis import Redis

from bot.github.app import GitHubApp
from bot.github.deliveries import DeliveryRecord, deliveries_since, redeliver
from bot.github.refusal import GitHubRefused
from bot.github.transport import Transport
from bot.ledger.names import Scope

log = structlog.get_logger(__name__)

KEPT = datetime.timedelta(days=3)
LATE = datetime.timedelta(minutes=2)
"""How much later than others a delivery may appear in GitHub's list."""
LONGEST_PAUSE = datetime.timedelta(hours=1)
MOST_ATTEMPTS = 12
MOST_AT_ONCE = 150
"""Writes cost five of the 900 points that GitHub gives for a minute."""
UNSEEN_BY_RECONCILIATION = frozenset(
    {"issue_comment.created", "check_run.rerequested", "check_suite.rerequested"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All listed attempts of one delivery, oldest first."""

    guid: str
    attempts: tuple[DeliveryRecord, ...]

    @property
    def arrived(self) -> bool:
        """Whether one attempt was taken."""
        return any(attempt.taken for attempt in self.attempts)

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done: it arrived, was given up, or an earlier look dealt with it."""
        repeated = sum(attempt.redelivery for attempt in self.attempts)
        return self.arrived or self.attempts[0].redelivery or repeated >= MOST_ATTEMPTS

    def due(self, now: datetime.datetime, pause: datetime.timedelta) -> bool:
        """Whether it is time for another attempt: each pause is twice the one before."""
        if self.attempts[-1].pending:
            return False
        repeated = len(self.attempts) - 1
        wait = min(pause * 2 ** (repeated - 1), LONGEST_PAUSE) if repeated else datetime.timedelta()
        return now - self.attempts[-1].delivered_at >= wait


def stories(attempts: Iterable[DeliveryRecord]) -> tuple[Story, ...]:
    """The attempts by delivery, in the order in which the deliveries were first tried."""
    by_guid: defaultdict[str, list[DeliveryRecord]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda attempt: (attempt.delivered_at, attempt.id)):
        by_guid[attempt.guid].append(attempt)
    return tuple(Story(guid=guid, attempts=tuple(held)) for guid, held in by_guid.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivery:
    """Asks for what did not arrive. `pause` is the first pause between two attempts of the same delivery.

    `guard` is asked before every request that changes something, and raises where this process may not.
    """

    app: GitHubApp
    redis: Redis
    scope: Scope
    pause: datetime.timedelta
    guard: Callable[[], None]

    def sweep(self, now: datetime.datetime, *, also_taken_since: datetime.datetime | None = None) -> int:
        """Ask for what is due; gives how many.

        `also_taken_since`: Redis lost its data, so what it was told since then and cannot be found by looking
        at pull requests is asked for too.
        """
        since = self._since(now) if also_taken_since is None else now - KEPT
        with self.app.conversation() as transport:
            listed = stories(deliveries_since(transport, since))
            missed = [story for story in listed if not story.settled and not self._recorded(story)]
            due = [story for story in missed if story.due(now, self.pause)]
            lost = [story for story in listed if _lost(story, also_taken_since) and not self._recorded(story)]
            asked = (due + lost)[:MOST_AT_ONCE]
            for story in asked:
                self.guard()
                _ask_again(transport, story)
        oldest = min((story.attempts[0].delivered_at for story in missed), default=now)
        self.redis.set(self.scope.delivered, (min(oldest, now) - LATE).isoformat())
        if asked:
            log.info("deliveries asked for again", missed=len(due), lost=len(lost), asked=len(asked))
        return len(asked)

    def _since(self, now: datetime.datetime) -> datetime.datetime:
        written = self.redis.get(self.scope.delivered)
        return max(datetime.datetime.fromisoformat(str(written)), now - KEPT) if written else now - KEPT

    def _recorded(self, story: Story) -> bool:
        """Whether it is in the ledger, though GitHub did not hear so in time."""
        return bool(self.redis.exists(self.scope.delivery(story.guid)))


def _lost(story: Story, taken_since: datetime.datetime | None) -> bool:
    last = story.attempts[-1]
    return (
        taken_since is not None
        and story.arrived
        and last.delivered_at >= taken_since
        and f"{last.event}.{last.action}" in UNSEEN_BY_RECONCILIATION
    )


def _ask_again(transport: Transport, story: Story) -> None:
    try:
        redeliver(transport, story.attempts[-1].id)
    except GitHubRefused as refused:
        # GitHub lets go of deliveries after three days.
        if refused.status not in (404, 422):
            raise
        log.warning("delivery cannot be asked for", delivery=story.guid, status=refused.status)
