"""What `check` shows, whatever the format: the JSON of the contract as a type."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

import msgspec

from rules.finding import Finding, Question
from rules.verdict import Comparison, Coverage, Gate, Review

DISTRIBUTION = "backend-architect"


class Tool(msgspec.Struct, frozen=True):
    """The program that speaks."""

    name: str
    version: str


class VerdictDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that `check` found; encoding it gives the JSON."""

    tool: Tool
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    coverage: Coverage
    gate: Gate


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict, and what some formats need with it: the comparison and the reviewed files.

    `prefix` leads from the repository's root to the reviewed folder; it ends in `/` or is empty.
    """

    document: VerdictDocument
    comparison: Comparison
    sources: Mapping[str, bytes]
    prefix: str = ""

    @property
    def review(self) -> Review:
        """The review of the head."""
        return self.comparison.head

    @property
    def counted(self) -> tuple[Finding, ...]:
        """What the change introduces and nothing suppresses, the most severe first."""
        found = [finding for finding in self.review.findings if counts(finding)]
        return tuple(
            sorted(found, key=lambda f: (-f.severity.rank, -f.confidence.rank, f.path, f.line, f.rule))
        )


def counts(finding: Finding) -> bool:
    """Whether the change introduces it and nothing suppresses it."""
    return finding.introduced and finding.suppressed is None


def shown(comparison: Comparison, gate: Gate, sources: Mapping[str, bytes], prefix: str = "") -> Shown:
    """Return what `check` shows of a comparison and its gate."""
    head = comparison.head
    document = VerdictDocument(
        tool=Tool(DISTRIBUTION, metadata.version(DISTRIBUTION)),
        findings=head.findings,
        questions=head.questions,
        coverage=head.coverage,
        gate=gate,
    )
    return Shown(document=document, comparison=comparison, sources=sources, prefix=prefix)
