"""What to tell the author: findings by where they can be shown, the conclusion, and a title. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import rules
from bot.headline import headline
from bot.patch import Patch
from bot.placement import AtFile, Inline, at_files, inline
from rules import Endpoint, Extent, OperationChange, Problem
from rules.finding import Finding, Question
from rules.inventory import RouteInventory, SchemaInventory
from rules.sections import SectionFacts
from rules.verdict import Comparison, Conclusion, Coverage, Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One filtered set of findings for all places where they are shown, most severe first.

    `at_files` are those of `elsewhere` that a file of the change can carry. `asked_before` are the base's
    questions. `changes` is what the API's clients get of the change, None where that is not known. `seconds`:
    how long the review took.
    """

    conclusion: Conclusion
    title: str
    extent: Extent = Extent.ANALYSED
    reasons: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    inline: tuple[Inline, ...] = ()
    elsewhere: tuple[Finding, ...] = ()
    at_files: tuple[AtFile, ...] = ()
    existing: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    asked_before: tuple[Question, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    routes: RouteInventory = field(default_factory=RouteInventory)
    schema: SchemaInventory = field(default_factory=SchemaInventory)
    sections: SectionFacts = field(default_factory=SectionFacts)
    endpoints: tuple[Endpoint, ...] = ()
    changes: tuple[OperationChange, ...] | None = None
    seconds: float | None = None

    @property
    def introduced(self) -> tuple[Finding, ...]:
        """Everything that the change introduces, inline or not."""
        placed = (finding for item in self.inline for finding in item.findings)
        return tuple(sorted((*placed, *self.elsewhere), key=_weight))


def build(
    comparison: Comparison,
    gate: Gate,
    patch: Patch,
    *,
    notices: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> Report:
    """Sort a comparison's findings into places.

    `problems` are mistakes in the head's configuration: with one of them, the change fails.
    """
    head = comparison.head
    counted = sorted((found for found in head.findings if found.suppressed is None), key=_weight)
    placed = [(found, inline(found, patch)) for found in counted if found.introduced]
    elsewhere = tuple(found for found, item in placed if item is None)
    extent = rules.extent(head.coverage)
    return Report(
        conclusion=Conclusion.FAILURE if problems else gate.conclusion,
        title=headline(comparison, extent, mistakes=len(problems)),
        extent=extent,
        reasons=(*_mistakes(problems), *gate.reasons),
        notices=notices,
        problems=problems,
        inline=tuple(item for _, item in placed if item is not None),
        elsewhere=elsewhere,
        at_files=at_files(elsewhere, patch),
        existing=tuple(found for found in counted if not found.introduced),
        suppressed=tuple(found for found in head.findings if found.suppressed is not None),
        fixed=tuple(sorted(comparison.fixed, key=_weight)),
        questions=head.questions,
        asked_before=comparison.base_questions,
        coverage=head.coverage,
        routes=head.routes,
        schema=head.schema,
        sections=head.sections,
        endpoints=rules.endpoints(head.surface, head.findings),
        changes=_changes(comparison),
    )


def _changes(comparison: Comparison) -> tuple[OperationChange, ...] | None:
    head = comparison.head
    if comparison.base_surface is None or rules.extent(head.coverage) is Extent.NOT_ANALYSED:
        return None
    changes = rules.surface_changes(comparison.base_surface, head.surface)
    # What a file that could not be read registers is not known to be gone.
    known = tuple(c for c in changes if c.after is not None) if head.coverage.files_skipped else changes
    return None if changes and not known else known


def _mistakes(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    return tuple(f"The configuration cannot be used: {problem}" for problem in problems)


def _weight(finding: Finding) -> tuple[int, int, str, int, str]:
    return (-finding.severity.rank, -finding.confidence.rank, finding.path, finding.line, finding.rule)
