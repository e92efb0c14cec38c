"""Comments on lines and on files of the change, annotations, and the review that carries the comments."""

from __future__ import annotations

from collections.abc import Sequence

from bot.placement import AtFile, Inline
from bot.render.explanation import SHORT, heading, identities, others, proof, reason, weaknesses
from bot.render.markdown import clean, clip, code, fenced, folded, prose
from bot.render.markers import marker
from bot.render.place import CodePage
from rules.finding import Edit, Finding
from rules.rule import Severity

LONGEST_COMMENT = 60_000
"""Bytes; GitHub's own limit is said to be 65,536 characters."""

_LONGEST_SUGGESTION = 20_000
_LISTED = (50, 10, 2)
_LEVELS = {Severity.CRITICAL: "failure", Severity.HIGH: "failure", Severity.MEDIUM: "warning"}


def inline_comment(item: Inline, page: CodePage) -> str:
    """The comment for findings on lines: what, why, the proof, the repair, and the mark to know it by."""
    longest = [_inline(item, page, item.suggestion, listed) for listed in _LISTED]
    shorter = [_inline(item, page, None, listed) for listed in _LISTED]
    return _fitting([*longest[:1], *shorter, *longest[1:]])


def file_comment(remark: AtFile, page: CodePage) -> str:
    """The comment at a file for findings that the change causes on lines that it does not touch."""
    finding, *rest = remark.findings
    lead = f"This change causes a problem on lines that it does not touch: {place(finding, page)}"
    repair = _repair(finding, None)
    return _fitting([_body(finding, rest, page, [lead], listed, repair) for listed in _LISTED])


def place(finding: Finding, page: CodePage) -> str:
    """A link to the finding's lines."""
    return page.lines(finding.path, finding.line, finding.end_line)


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


def _inline(item: Inline, page: CodePage, suggestion: Edit | None, listed: int) -> str:
    repair = _repair(item.finding, suggestion)
    return _body(item.finding, item.others, page, [], listed, repair)


def _body(
    finding: Finding,
    rest: Sequence[Finding],
    page: CodePage,
    lead: list[str],
    listed: int,
    repair: Sequence[str] = (),
) -> str:
    findings = (finding, *rest)
    parts = [
        heading(finding, page),
        *lead,
        prose(finding.message, 2_000),
        *reason(finding),
        *proof(finding, page, listed),
        *repair,
        *others(rest, page, listed),
        "\n".join([*weaknesses(finding), identities(findings)]),
        marker("finding", *(found.fingerprint for found in findings)),
    ]
    return "\n\n".join(parts)


def _fitting(bodies: list[str]) -> str:
    return next((body for body in bodies if len(body.encode()) <= LONGEST_COMMENT), bodies[-1])


def _repair(finding: Finding, edit: Edit | None) -> list[str]:
    fix = finding.fix
    if fix is None or not fix.proved:
        return []
    command = code(f"/architect fix {finding.fingerprint[:SHORT]}")
    named = f"Repair, which {command} applies: {prose(fix.title, 200)}"
    if any(each.creates for each in fix.edits):
        return [named, *(_unsuggested(each) for each in fix.edits if _is_shown_whole(each))]
    if edit is None or not _is_shown_whole(edit):
        return [named]
    return [f"{prose(fix.title, 200)}:\n\n{fenced(edit.replacement, 'suggestion')}"]


def _is_shown_whole(edit: Edit) -> bool:
    """What is applied must be what is seen: nothing is shown where something hidden would have to be."""
    return len(edit.replacement) <= _LONGEST_SUGGESTION and clean(edit.replacement) == edit.replacement


def _unsuggested(edit: Edit) -> str:
    """A part of a repair that adds a file, folded: GitHub has no suggestion for one."""
    where = code(edit.path if edit.creates else f"{edit.path}:{edit.start_line}")
    title = "the new file" if edit.creates else "the changed lines"
    return folded(title, f"{where}\n\n{fenced(edit.replacement, 'python')}")
