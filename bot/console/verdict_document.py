"""What `check` shows, whatever the format: the JSON of the contract as a type."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

import msgspec

from rules.finding import Finding, Question
from rules.verdict import Comparison, Coverage, Gate

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
    """A verdict, and what only people need with it: the reviewed files, and whether FastAPI is there."""

    document: VerdictDocument
    sources: Mapping[str, bytes]
    fastapi: bool


def shown(comparison: Comparison, gate: Gate, sources: Mapping[str, bytes]) -> Shown:
    """Return what `check` shows of a comparison and its gate."""
    head = comparison.head
    document = VerdictDocument(
        tool=Tool(DISTRIBUTION, metadata.version(DISTRIBUTION)),
        findings=head.findings,
        questions=head.questions,
        coverage=head.coverage,
        gate=gate,
    )
    return Shown(document=document, sources=sources, fastapi=head.fastapi)
