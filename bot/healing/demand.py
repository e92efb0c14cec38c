"""Wanting a review that nobody asked for, because its asking was lost."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis

from bot.github.installations import InstalledRepository
from bot.ledger import intake, names
from bot.ledger.intake import Recorded
from bot.ledger.names import Scope
from bot.ledger.standing import Standing, keep_listed, standing
from bot.open_runs import OpenRuns
from bot.triggers import PullRequestKey, ReviewRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What may be wanted of one pull request."""

    redis: Redis
    scope: Scope
    installation: int
    repository: InstalledRepository
    number: int

    @property
    def key(self) -> PullRequestKey:
        """The pull request."""
        scope = self.scope
        return PullRequestKey(scope.host, scope.app, self.installation, self.repository.id, self.number)

    @property
    def item(self) -> str:
        """Its item of the ledger."""
        return names.item_of(self.key)

    def standing(self) -> Standing:
        """Where it stands; pending work that is in no list any more is listed again."""
        found = standing(self.redis, self.item)
        if found.pending and not found.leased:
            keep_listed(self.redis, self.item)
        return found

    def want(self, head: str, run: int) -> bool:
        """Want a review of this head, once for each run that is stuck on it; whether that is new."""
        request = ReviewRequest(
            key=self.key,
            owner=self.repository.owner.login,
            name=self.repository.name,
            head=head,
            reason="reconciliation",
            attempt=f"heal-{head[:16]}-{run}",
        )
        return intake.want(self.redis, request) is Recorded.RECORDED

    def end(self, sha: str) -> None:
        """Let the next look at the pull request end what is open on this commit."""
        OpenRuns(self.redis, self.item).add(sha)
