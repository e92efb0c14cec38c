"""What edits do to the findings of a tree: those meant to go that still stand, and those that came.

Findings are told by fingerprint. An edit of a line moves the fingerprints of what else stands there, so a
finding that came and one that went are the same one if rule, path and enclosing definition are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rules.anchor import anchor
from rules.finding import Finding
from rules.source import SourceFile
from rules.tree import Tree
from rules.verdict import Coverage, Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """What a second review showed. `blind` says why it is no proof: it saw less than the first."""

    standing: tuple[Finding, ...] = ()
    came: tuple[Finding, ...] = ()
    blind: str = ""

    @property
    def works(self) -> bool:
        """Whether all that were meant are gone and none came."""
        return not (self.standing or self.came or self.blind)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A tree and its review; files are read where a finding's surroundings are asked for."""

    tree: Tree
    review: Review
    _sources: dict[str, SourceFile] = field(default_factory=dict)

    def definition(self, finding: Finding) -> tuple[str, str, str]:
        """Rule, path, and the innermost definition that the finding stands in or on."""
        symbol, form = self._surroundings(finding)
        named = form.rpartition(" ")[2] if form.startswith(("Function ", "Class ")) else ""
        return finding.rule, finding.path, f"{symbol}.{named}" if named else symbol

    def alike(self, finding: Finding) -> tuple[str, ...]:
        """Equal for findings that only an ordinal tells apart."""
        return finding.rule, *self._surroundings(finding), finding.message

    def _surroundings(self, finding: Finding) -> tuple[str, str]:
        source = self._sources.get(finding.path)
        if source is None:
            data = self.tree.get(finding.path, b"")
            source = self._sources[finding.path] = SourceFile(finding.path, data)
        column = source.byte_column(finding.line, finding.column)
        found = anchor(source.module, finding.line, column)
        return (found.symbol, found.form) if found is not None else ("", "")


def cure(before: Reviewed, after: Reviewed, meant: Sequence[Finding]) -> Cure:
    """What became of the findings that were meant to go, and which were not there before."""
    blind = _blind(before.review, after.review)
    if blind:
        return Cure(standing=tuple(meant), blind=blind)
    gone = _missing(before.review.findings, after.review.findings)
    came = _missing(after.review.findings, before.review.findings)
    asked = Counter(finding.fingerprint for finding in meant)
    others = [f for f in gone if not asked[f.fingerprint]]
    left = Counter(finding.fingerprint for finding in after.review.findings)
    standing = tuple(f for f in meant if left[f.fingerprint] and not _replaced(before, f, others))
    return Cure(standing=standing, came=tuple(_unmatched(before, others, after, came)))


def _missing(findings: Iterable[Finding], other: Iterable[Finding]) -> list[Finding]:
    left = Counter(finding.fingerprint for finding in other)
    missing: list[Finding] = []
    for finding in findings:
        if left[finding.fingerprint]:
            left[finding.fingerprint] -= 1
        else:
            missing.append(finding)
    return missing


def _replaced(before: Reviewed, finding: Finding, others: list[Finding]) -> bool:
    """Whether one like it is gone, so that another now has its ordinal; that one is taken from `others`."""
    alike = before.alike(finding)
    for other in others:
        if other.rule == finding.rule and before.alike(other) == alike:
            others.remove(other)
            return True
    return False


def _unmatched(
    before: Reviewed, gone: list[Finding], after: Reviewed, came: list[Finding]
) -> Iterable[Finding]:
    rules = {finding.rule for finding in came}
    moved = Counter(before.definition(finding) for finding in gone if finding.rule in rules)
    for finding in came:
        definition = after.definition(finding)
        if moved[definition]:
            moved[definition] -= 1
        else:
            yield finding


def _blind(before: Review, after: Review) -> str:
    crashed = _crashed(after.coverage) - _crashed(before.coverage)
    if crashed:
        return f"{', '.join(sorted(crashed))} would not run to the end"
    skipped = _skipped(after.coverage) - _skipped(before.coverage)
    if skipped:
        return f"{min(skipped)} would not be analysed"
    if not after.fastapi or _unresolved(after.coverage) > _unresolved(before.coverage):
        return "a route could no longer be resolved"
    return ""


def _crashed(coverage: Coverage) -> set[str]:
    return {crash.rule for crash in coverage.rules_crashed}


def _skipped(coverage: Coverage) -> set[str]:
    return {file.path for file in coverage.files_skipped}


def _unresolved(coverage: Coverage) -> int:
    return coverage.routes - coverage.routes_resolved
