"""What people decided about findings on a pull request, read from their words. Pure.

A dismissal holds for a fingerprint, and a fingerprint for the code: code that changes is judged anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from rules.finding import Finding, Suppression
from rules.verdict import Comparison

KIND = "person"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted word of a person: `findings` are beginnings of fingerprints, `at` is an ISO time."""

    ignored: bool
    findings: tuple[str, ...]
    reason: str
    by: str
    at: str
    link: str


def standing(decisions: Iterable[Decision], fingerprints: Collection[str]) -> dict[str, Decision]:
    """The dismissed fingerprints, each with the last word on it. What names several says nothing."""
    held: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda each: each.at):
        for named in decision.findings:
            found = matching(named, fingerprints)
            if len(found) != 1:
                continue
            held.pop(found[0], None)
            if decision.ignored:
                held[found[0]] = decision
    return held


def matching(named: str, fingerprints: Collection[str]) -> list[str]:
    """The fingerprints that begin so."""
    return sorted({known for known in fingerprints if known.startswith(named)})


def dismissed(comparison: Comparison, decisions: Iterable[Decision]) -> Comparison:
    """The comparison in which what people dismissed is suppressed."""
    findings = comparison.head.findings
    held = standing(decisions, {finding.fingerprint for finding in findings})
    marked = tuple(_marked(finding, held.get(finding.fingerprint)) for finding in findings)
    return msgspec.structs.replace(comparison, head=msgspec.structs.replace(comparison.head, findings=marked))


def lapsed(decisions: Iterable[Decision], fingerprints: Collection[str]) -> tuple[str, ...]:
    """A sentence for each finding that people dismissed and that is not here any more."""
    gone: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda each: each.at):
        for named in decision.findings:
            for other in [known for known in gone if known.startswith(named) or named.startswith(known)]:
                del gone[other]
            if decision.ignored and not matching(named, fingerprints):
                gone[named] = decision
    return tuple(
        f"`{named[:8]}`, ignored by {decision.by}, is not here any more: its code changed or it is mended."
        for named, decision in gone.items()
    )


def _marked(finding: Finding, decision: Decision | None) -> Finding:
    if decision is None or finding.suppressed is not None:
        return finding
    why = Suppression(KIND, decision.reason, by=decision.by, at=decision.at, link=decision.link)
    return msgspec.structs.replace(finding, suppressed=why)
