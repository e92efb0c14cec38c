"""A report in one line: what the change brings, mends and leaves, and how much of it was seen. Pure."""

from __future__ import annotations

from rules import Comparison, Extent
from rules.verdict import Coverage


def headline(comparison: Comparison, extent: Extent, *, mistakes: int = 0) -> str:
    """`2 new, 1 fixed, 5 remaining`, with `mistakes` in the configuration and what could not be analysed."""
    parts = [_delta(comparison, extent)]
    if mistakes:
        parts.append(f"{counted(mistakes, 'mistake')} in the configuration")
    if extent is Extent.PARTLY_ANALYSED:
        parts.append(f"partly analysed: {_missing(comparison.head.coverage)}")
    return "; ".join(parts)


def _delta(comparison: Comparison, extent: Extent) -> str:
    head = comparison.head
    if extent is Extent.NOT_ANALYSED:
        return f"Not analysed: {_missing(head.coverage)}"
    standing = [finding for finding in head.findings if finding.suppressed is None]
    new = sum(finding.introduced for finding in standing)
    fixed, remaining = len(comparison.fixed), len(standing) - new
    if not head.fastapi and not new and extent is Extent.ANALYSED:
        return "No FastAPI code here: nothing to review"
    accepted = len(head.findings) - len(standing)
    if not (new or fixed or remaining or accepted):
        return "Nothing found"
    told = f"{new} new, {fixed} fixed, {remaining} remaining"
    return f"{told}, {accepted} accepted" if accepted else told


def _missing(coverage: Coverage) -> str:
    parts = []
    if skipped := len(coverage.files_skipped):
        parts.append(f"{counted(skipped, 'file')} not read")
    if crashed := len(coverage.rules_crashed):
        parts.append(f"{counted(crashed, 'rule')} failed")
    if unresolved := coverage.routes - coverage.routes_resolved:
        parts.append(f"{counted(unresolved, 'endpoint')} not resolved")
    return ", ".join(parts)


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
