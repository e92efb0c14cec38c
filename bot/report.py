"""What to tell the author: findings by where they can be shown, the conclusion, and a title. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.patch import Patch
from rules import Problem
from rules.finding import Edit, Finding, Question
from rules.inventory import RouteInventory, SchemaInventory
from rules.rule import Severity
from rules.verdict import Comparison, Conclusion, Coverage, Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A finding that the diff can carry, on the head's lines `first..last`.

    `suggestion` replaces exactly these lines where the finding has a fix that lies within them.
    """

    finding: Finding
    first: int
    last: int
    suggestion: Edit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One filtered set of findings for all places where they are shown, most severe first."""

    conclusion: Conclusion
    title: str
    reasons: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    inline: tuple[Inline, ...] = ()
    elsewhere: tuple[Finding, ...] = ()
    existing: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    routes: RouteInventory = field(default_factory=RouteInventory)
    schema: SchemaInventory = field(default_factory=SchemaInventory)

    @property
    def introduced(self) -> tuple[Finding, ...]:
        """Everything that the change introduces, inline or not."""
        return tuple(sorted((*(item.finding for item in self.inline), *self.elsewhere), key=_weight))


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
    introduced = [found for found in counted if found.introduced]
    placed = [(found, _inline(found, patch)) for found in introduced]
    return Report(
        conclusion=Conclusion.FAILURE if problems else gate.conclusion,
        title=_title(introduced, head.coverage, fastapi=head.fastapi, fixed=len(comparison.fixed)),
        reasons=(*_mistakes(problems), *gate.reasons),
        notices=notices,
        problems=problems,
        inline=tuple(item for _, item in placed if item is not None),
        elsewhere=tuple(found for found, item in placed if item is None),
        existing=tuple(found for found in counted if not found.introduced),
        suppressed=tuple(found for found in head.findings if found.suppressed is not None),
        fixed=tuple(sorted(comparison.fixed, key=_weight)),
        questions=head.questions,
        coverage=head.coverage,
        routes=head.routes,
        schema=head.schema,
    )


def _inline(finding: Finding, patch: Patch) -> Inline | None:
    suggestion = _suggestion(finding, patch)
    if suggestion is not None:
        first, last = suggestion.start_line, suggestion.end_line
        return Inline(finding=finding, first=first, last=last, suggestion=suggestion)
    last = max(finding.line, finding.end_line)
    if patch.hunk(finding.path, finding.line, last) is not None:
        return Inline(finding=finding, first=finding.line, last=last)
    if patch.hunk(finding.path, finding.line, finding.line) is not None:
        return Inline(finding=finding, first=finding.line, last=finding.line)
    return None


def _suggestion(finding: Finding, patch: Patch) -> Edit | None:
    if finding.fix is None or len(finding.fix.edits) != 1:
        return None
    edit = finding.fix.edits[0]
    hunk = patch.hunk(edit.path, edit.start_line, edit.end_line)
    covers = edit.path == finding.path and edit.start_line <= finding.line <= edit.end_line
    spoiled = any(character in edit.replacement for character in "\r\0")
    return edit if hunk and covers and not spoiled and hunk.intact(edit.start_line, edit.end_line) else None


def _mistakes(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    return tuple(f"The configuration cannot be used: {problem}" for problem in problems)


def _title(introduced: list[Finding], coverage: Coverage, *, fastapi: bool, fixed: int) -> str:
    if not fastapi and not introduced:
        return "No FastAPI code here: nothing to review"
    parts = [_problems(introduced)]
    if fixed:
        parts.append(f"{fixed} fixed")
    if coverage.files_skipped:
        parts.append(
            f"{len(coverage.files_skipped)} {_plural('file', len(coverage.files_skipped))} not analysed"
        )
    if coverage.rules_crashed:
        parts.append(f"{len(coverage.rules_crashed)} {_plural('rule', len(coverage.rules_crashed))} failed")
    return "; ".join(parts)


def _problems(introduced: list[Finding]) -> str:
    if not introduced:
        return "No problem introduced"
    counts = Counter(found.severity for found in introduced)
    detail = ", ".join(f"{counts[severity]} {severity}" for severity in Severity if counts[severity])
    return f"{len(introduced)} {_plural('problem', len(introduced))} introduced ({detail})"


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"


def _weight(finding: Finding) -> tuple[int, int, str, int, str]:
    return (-finding.severity.rank, -finding.confidence.rank, finding.path, finding.line, finding.rule)
