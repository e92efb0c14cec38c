"""Inline comments, annotations, and the review that carries the comments."""

from __future__ import annotations

from bot.render.markdown import clean, clip, code, fenced, plain, prose
from bot.render.markers import marker
from bot.render.place import CodePage
from bot.report import Inline
from rules.finding import Edit, Finding
from rules.rule import Severity

LONGEST_COMMENT = 60_000
_LONGEST_SUGGESTION = 20_000
_LONGEST_TRAIL = 12
_LEVELS = {Severity.CRITICAL: "failure", Severity.HIGH: "failure", Severity.MEDIUM: "warning"}


def inline_comment(item: Inline, page: CodePage) -> str:
    """The comment for a finding: what, why, the proof, the repair, and the mark to know it by."""
    finding = item.finding
    parts = [
        f"**{heading(finding)}** · {finding.severity}, {finding.confidence} confidence",
        prose(finding.message, 2_000),
        *_trail(finding, page),
        *_guards(finding),
        *_suggestion(finding, item.suggestion),
        *_weaknesses(finding),
        marker("finding", finding.fingerprint),
    ]
    return "\n\n".join(parts)


def heading(finding: Finding) -> str:
    """Code and name of the rule."""
    return f"{plain(finding.rule)} {plain(finding.name)}"


def annotation_level(finding: Finding) -> str:
    """How GitHub marks the line."""
    return _LEVELS.get(finding.severity, "notice")


def annotation_title(finding: Finding) -> str:
    """At most 255 characters."""
    return clip(f"{finding.rule} {finding.name} ({finding.severity})", 255)


def review_body(inline: int, elsewhere: int, key: str) -> str:
    """The review's own text: how much there is, and where the rest is."""
    found = "1 problem" if inline == 1 else f"{inline} problems"
    rest = f" {elsewhere} more stand in the check run's report." if elsewhere else ""
    text = f"Backend Architect found {found} on lines of this change.{rest}"
    return f"{text}\n\n{marker('review', key)}"


def _trail(finding: Finding, page: CodePage) -> list[str]:
    steps = finding.trail[:_LONGEST_TRAIL]
    if not steps:
        return []
    lines = [f"1. {page.lines(step.path, step.line)} {prose(step.note, 300)}" for step in steps]
    return ["Why:\n" + "\n".join(lines)]


def _guards(finding: Finding) -> list[str]:
    if not finding.guards_searched:
        return []
    return [
        "Looked for and not found: " + "; ".join(prose(guard, 120) for guard in finding.guards_searched[:12])
    ]


def _suggestion(finding: Finding, edit: Edit | None) -> list[str]:
    if finding.fix is None:
        return []
    created = [edit for edit in finding.fix.edits if edit.creates]
    if created:
        return [_new_file(finding.fix.title, created[0])]
    # What is applied must be what is seen: no suggestion where something hidden would have to be shown.
    if (
        edit is None
        or len(edit.replacement) > _LONGEST_SUGGESTION
        or clean(edit.replacement) != edit.replacement
    ):
        return [f"Repair: {prose(finding.fix.title, 200)}"]
    return [f"{prose(finding.fix.title, 200)}:\n\n{fenced(edit.replacement, 'suggestion')}"]


def _new_file(title: str, edit: Edit) -> str:
    """A file to add, folded: GitHub has no suggestion for one."""
    named = f"Repair: {prose(title, 200)}"
    if len(edit.replacement) > _LONGEST_SUGGESTION or clean(edit.replacement) != edit.replacement:
        return named
    body = f"{code(edit.path)}\n\n{fenced(edit.replacement, 'python')}"
    return f"{named}\n\n<details><summary>the new file</summary>\n\n{body}\n\n</details>"


def _weaknesses(finding: Finding) -> list[str]:
    names = [
        *(f"CWE-{number}" for number in finding.cwe),
        *(f"OWASP {plain(name)}" for name in finding.owasp),
    ]
    return [", ".join(names)] if names else []
