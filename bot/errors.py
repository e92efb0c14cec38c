"""The three kinds of error, and what stops or delays a review without being one."""

from __future__ import annotations


class Refused(Exception):
    """A delivery that the door turns away: the sender gets a 4xx with this text."""


class Postponed(Exception):
    """GitHub asked us to wait: the job layer runs the job again after `seconds`, no worker sleeps."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(f"GitHub asks to wait {seconds:.0f} s: {reason}")
        self.seconds = seconds
        self.reason = reason


class Superseded(Exception):
    """A newer generation of the same pull request is wanted: this attempt ends as cancelled."""


class LeaseLost(Exception):
    """Another worker owns the pull request now: this one must not write anything more."""
