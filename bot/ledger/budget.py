"""What may be sent to GitHub for one installation, and when: one account in Redis for all workers.

GitHub's own limits, of which these leave a part unused: 900 points a minute (a read costs 1, a write 5), 80
requests a minute and 500 an hour that make content, at least a second between two writes.
Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

import enum
import time
from dataclasses import dataclass, field

import msgspec
from redis import Redis

from bot.errors import Postponed
from bot.ledger import scripts

PATIENCE_MILLISECONDS = 1_000
"""A worker waits this long in place; for longer waits the job is put off."""
BRIEF_MILLISECONDS = 50
"""The same for a review's comments: meanwhile the worker completes the check runs of others."""
LONGEST_PAUSE_MILLISECONDS = 3_600_000
"""Where GitHub says no time, further limits double the pause up to this."""
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
_HARDLY_APART = 2


class Lane(enum.StrEnum):
    """Kinds of requests: a limited one does not hold up the others."""

    READS = "reads"
    CHECKS = "checks"
    COMMENTS = "comments"


# Who has begun must be able to end: reads stop first, and what completes a check run stops last.
_SHARE = {Lane.READS: 0.6, Lane.COMMENTS: 0.8, Lane.CHECKS: 1.0}
_POINTS = {Lane.READS: 1, Lane.COMMENTS: 5, Lane.CHECKS: 5}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The most that is sent for one installation. Comments are comments, reviews and reactions together."""

    comments_per_second: float = 1
    comments_per_minute: int = 60
    comments_per_hour: int = 400
    checks_per_second: float = 5
    points_per_minute: int = 900

    def windows(self, lane: Lane) -> tuple[int, ...]:
        """The least milliseconds between two, then pairs of a window and how many fit into it."""
        if lane is Lane.READS:
            return ()
        if lane is Lane.CHECKS:
            return (*self._pace_of_checks(), _MINUTE, self.points_per_minute // _POINTS[lane])
        apart = round(1_000 / self.comments_per_second)
        return (apart, _MINUTE, self.comments_per_minute, _HOUR, self.comments_per_hour)

    def _pace_of_checks(self) -> tuple[int, ...]:
        """One review's few writes follow each other at once; no second has more than it may."""
        if self.checks_per_second < 1:
            return (round(1_000 / self.checks_per_second),)
        return (_HARDLY_APART, _SECOND, int(self.checks_per_second))


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The account of the installation whose keys begin with `place` (`Scope.place`).

    `holder` names who asks: a pull request that is put off is promised a moment. `redis` must give texts.
    """

    redis: Redis
    place: str
    holder: str
    limits: Limits = field(default_factory=Limits)

    def enter(self, lane: Lane, *, briefly: bool = False) -> None:
        """Return when one request may be sent, after a second at the most (or `briefly`), and count it.

        Raises `Postponed` with the time after which there is room, or the installation's pause is over.
        """
        wait = self._spend(lane, BRIEF_MILLISECONDS if briefly else PATIENCE_MILLISECONDS)
        if wait < 0:
            raise Postponed(-wait / 1_000, f"no room for more {lane} of this installation")
        if wait > 0:
            time.sleep(wait / 1_000)
            left = self.paused()
            if left > 0:
                raise Postponed(left, "GitHub limited this installation meanwhile")

    def paused(self) -> float:
        """Seconds for which nothing may be sent for the installation."""
        left = self.redis.pttl(self._pause)
        return max(0, int(left)) / 1_000

    def pause(self, seconds: float, *, said: bool) -> float:
        """GitHub limited the installation for `seconds`; gives what is left of the longest such pause.

        `said`: whether these are GitHub's own words. A time of ours is doubled with every further limit.
        """
        keys = (self._pause, f"{self.place}strikes")
        args = (max(1, round(seconds * 1_000)), "1" if said else "", LONGEST_PAUSE_MILLISECONDS)
        return int(scripts.run(self.redis, "pause", keys, args)) / 1_000

    def _spend(self, lane: Lane, patience: int) -> int:
        keys = (
            self._pause,
            f"{self.place}points",
            f"{self.place}sent:{lane}",
            f"{self.place}promised:{lane}",
        )
        most = round(self.limits.points_per_minute * _SHARE[lane])
        asked: tuple[str | int, ...] = (self.holder, _POINTS[lane], most, patience)
        args = (*asked, *self.limits.windows(lane))
        return int(scripts.run(self.redis, "spend", keys, args))

    @property
    def _pause(self) -> str:
        return f"{self.place}pause"
