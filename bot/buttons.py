"""The buttons on a check run, and what pressing one asks for. Pure.

GitHub shows at most three: https://docs.github.com/rest/checks/runs
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.slash_commands import AcceptBaseline, Command, Fix, Review, Unknown
from rules.finding import Finding, Safety


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """One button; GitHub takes 20 characters of label and identifier, and 40 of description."""

    label: str
    description: str
    identifier: str


RERUN = Button(label="Review again", description="Review this commit once more", identifier="review")
FIX = Button(label="Apply safe fixes", description="Commit every proved, safe fix", identifier="fix")
ACCEPT = Button(
    label="Accept as baseline", description="Accept what is new here as known", identifier="accept"
)

_PRESSED: dict[str, Command] = {
    RERUN.identifier: Review(),
    FIX.identifier: Fix(),
    ACCEPT.identifier: AcceptBaseline(),
}


def buttons(introduced: Iterable[Finding]) -> tuple[Button, ...]:
    """What may be pressed where these findings are new: nothing that would do nothing."""
    findings = tuple(introduced)
    fixable = any(found.fix and found.fix.proved and found.fix.safety is Safety.SAFE for found in findings)
    return (RERUN, *([FIX] if fixable else []), *([ACCEPT] if findings else []))


def pressed(identifier: str) -> Command:
    """What a button asks for."""
    return _PRESSED.get(identifier, Unknown("That button is none of mine any more."))
