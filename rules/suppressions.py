"""Inline suppressions: `# architect: ignore[BA305] reason`, at the end of a line or alone above it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence

import msgspec

from rules.anchor import anchor
from rules.finding import Finding, Question, Suppression
from rules.source import SourceFile

_COMMENT = re.compile(r"#\s*architect:\s*ignore\b(?:\[(?P<rules>[^\]\n]*)\])?(?P<reason>[^\n]*)")

Known = Callable[[str], str | None]
"""A rule's code for a code or a name, or None where there is no such rule."""


class InlineSuppression(msgspec.Struct, frozen=True):
    """One comment: the codes it names, its reason, its line and the line of code that it is about."""

    path: str
    line: int
    about: int
    codes: tuple[str, ...]
    unknown: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding, source: SourceFile) -> bool:
        """Whether the comment speaks of this finding: its code, on a line of the statement it stands on."""
        if finding.rule not in self.codes or finding.path != self.path:
            return False
        found = anchor(source.module, finding.line, source.byte_column(finding.line, finding.column))
        first = finding.line if found is None else min(found.first_line, finding.line)
        last = finding.line if found is None else max(found.last_line, finding.line)
        return first <= self.about <= last


def inline_suppressions(source: SourceFile, known: Known) -> tuple[InlineSuppression, ...]:
    """The suppressions of a file, in order."""
    if b"architect:" not in source.data or not source.is_python:
        return ()
    found = []
    for line, comment in _comments(source):
        match = _COMMENT.match(comment)
        if match is None:
            continue
        words = [word.strip() for word in (match["rules"] or "").split(",") if word.strip()]
        codes = [(word, known(word)) for word in words]
        found.append(
            InlineSuppression(
                source.path,
                line,
                _about(source.lines, line),
                tuple(code for _, code in codes if code is not None),
                tuple(word for word, code in codes if code is None),
                match["reason"].strip(" \t-:—"),
            )
        )
    return tuple(found)


def suppress(
    findings: Sequence[Finding],
    comments: Sequence[InlineSuppression],
    files: Callable[[str], SourceFile | None],
) -> tuple[list[Finding], set[InlineSuppression]]:
    """The findings with what suppresses them, and the comments that suppressed one."""
    by_path: dict[str, list[InlineSuppression]] = {}
    for comment in comments:
        by_path.setdefault(comment.path, []).append(comment)
    used: set[InlineSuppression] = set()
    result: list[Finding] = []
    for finding in findings:
        source = files(finding.path)
        covering = [] if source is None else by_path.get(finding.path, [])
        covering = [comment for comment in covering if source and comment.covers(finding, source)]
        used.update(covering)
        reason = next((comment.reason for comment in covering if comment.reason), None)
        by_comment = finding.suppressed if reason is None else Suppression("inline", reason)
        result.append(msgspec.structs.replace(finding, suppressed=by_comment))
    return result, used


def remarks(
    comments: Sequence[InlineSuppression], used: set[InlineSuppression], ran: frozenset[str]
) -> Iterator[Question]:
    """What is wrong with the comments: no reason, an unknown rule, or nothing that they suppress."""
    for comment in comments:
        at = (comment.path, comment.line)
        for word in comment.unknown:
            yield Question(
                "suppression-unknown-rule", *at, f"there is no rule `{word}`; see `explain --list`"
            )
        if not comment.codes and not comment.unknown:
            yield Question(
                "suppression-without-rule", *at, "name the rule: `# architect: ignore[BA305] reason`"
            )
        elif not comment.reason:
            said = "the suppression has no reason and does not count; write one after the bracket"
            yield Question("suppression-without-reason", *at, said)
        elif comment.codes and comment not in used and ran.issuperset(comment.codes):
            said = f"nothing here for {', '.join(comment.codes)} to suppress; remove the comment"
            yield Question("suppression-unused", *at, said)


def _about(lines: Sequence[str], line: int) -> int:
    """The comment's own line, or the next line of code where the comment stands alone."""
    if not lines[line - 1].lstrip().startswith("#"):
        return line
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if text and not text.startswith("#"):
            return number
    return line


def _comments(source: SourceFile) -> Iterator[tuple[int, str]]:
    """Comments with their lines. Where the host cannot tokenize the rest, the lines are searched."""
    last = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(source.lines)).readline):
            last = token.start[0]
            if token.type == tokenize.COMMENT:
                yield last, token.string
    except (tokenize.TokenError, SyntaxError):
        for number, line in enumerate(source.lines[last:], start=last + 1):
            if match := _COMMENT.search(line):
                yield number, line[match.start() :]
