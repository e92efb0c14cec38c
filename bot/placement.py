"""Where a finding can be shown on a pull request: on lines of the diff, at a file of it, or neither. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.patch import Patch
from rules.finding import Edit, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A finding that the diff can carry, on the head's lines `first..last`.

    `suggestion` replaces exactly these lines where the finding has a proved fix in the same hunk.
    `others` are findings of the same rule that share its comment.
    """

    finding: Finding
    first: int
    last: int
    suggestion: Edit | None = None
    others: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that the comment is about."""
        return (self.finding, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtFile:
    """Findings of one rule on lines that the change does not touch, at the file of it that causes them."""

    path: str
    findings: tuple[Finding, ...]


def inline(finding: Finding, patch: Patch) -> Inline | None:
    """The finding on the lines of the diff that carry it, or None where none does."""
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


def at_files(findings: Iterable[Finding], patch: Patch) -> tuple[AtFile, ...]:
    """Findings without a line in the diff, by rule and the changed file that their trail leads through."""
    together: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        path = _cause(finding, patch)
        if path is not None:
            together.setdefault((finding.rule, path), []).append(finding)
    return tuple(AtFile(path=path, findings=tuple(held)) for (_, path), held in together.items())


def _cause(finding: Finding, patch: Patch) -> str | None:
    """The file where the trail passes a line that the change adds, else the finding's own, else any of it."""
    added = (step.path for step in finding.trail if patch.adds(step.path, step.line))
    passed = (finding.path, *(step.path for step in finding.trail))
    return next((path for path in (*added, *passed) if path in patch.files), None)


def _suggestion(finding: Finding, patch: Patch) -> Edit | None:
    if finding.fix is None or not finding.fix.proved or len(finding.fix.edits) != 1:
        return None
    edit = finding.fix.edits[0]
    hunk = patch.hunk(edit.path, edit.start_line, edit.end_line)
    near = edit.path == finding.path and hunk is not None and hunk.holds(finding.line, finding.line)
    spoiled = any(character in edit.replacement for character in "\r\0")
    return edit if hunk and near and not spoiled and hunk.intact(edit.start_line, edit.end_line) else None
