"""What a review gives: findings, questions, coverage, inventories, and the gate's conclusion."""

from __future__ import annotations

import enum

import msgspec

from rules.finding import Finding, Question
from rules.inventory import OperationRecord, RouteInventory, SchemaInventory
from rules.sections import SectionFacts


class SkippedFile(msgspec.Struct, frozen=True, order=True):
    """A file that could not be analysed: its names are unknown, never absent."""

    path: str
    reason: str


class RuleCrash(msgspec.Struct, frozen=True, order=True):
    """A rule that raised or ran out of time: its findings are missing, the review goes on."""

    rule: str
    reason: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the project the findings rest on."""

    files_analysed: int = 0
    files_skipped: tuple[SkippedFile, ...] = ()
    routes: int = 0
    routes_resolved: int = 0
    unknown_edges: int = 0
    rules_run: int = 0
    rules_crashed: tuple[RuleCrash, ...] = ()


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One reviewed tree. `fastapi` is false where no file imports FastAPI: nothing was there to judge.

    `baseline` are the fingerprints that the tree's own baseline accepts, found here or not.
    """

    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    coverage: Coverage = Coverage()
    routes: RouteInventory = RouteInventory()
    schema: SchemaInventory = SchemaInventory()
    surface: tuple[OperationRecord, ...] = ()
    sections: SectionFacts = SectionFacts()
    fastapi: bool = True
    baseline: tuple[str, ...] = ()


class Extent(enum.StrEnum):
    """How much of the project was analysed: three states that nobody may take for one another."""

    ANALYSED = "analysed"
    PARTLY_ANALYSED = "partly analysed"
    NOT_ANALYSED = "not analysed"


class Conclusion(enum.StrEnum):
    """The gate's answer, in the words of a check run."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"


class Gate(msgspec.Struct, frozen=True):
    """Whether the change may pass, and each reason that it may not."""

    conclusion: Conclusion
    reasons: tuple[str, ...] = ()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Head judged against base: `head`'s findings carry `introduced`; `fixed` stood in base alone.

    `base_surface` are base's operations, to compare with `head.surface`; None without a base.
    `base_questions` are what base asks.
    """

    head: Review
    fixed: tuple[Finding, ...] = ()
    base_surface: tuple[OperationRecord, ...] | None = None
    base_questions: tuple[Question, ...] = ()
