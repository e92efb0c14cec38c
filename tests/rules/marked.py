"""Small projects in Markdown: fenced files, `# finding` on the lines that a rule must report.

A fence's path is its first line (`# app/main.py`, `-- schema.sql`) or stands in its info string; without
one it is `app/main.py`. A mark may name the rule and the confidence: `# finding: BA305 high, BA306`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rules.verdict import Review

_PATH = re.compile(r"(?:#|--|//)\s+(?P<path>[\w./-]+\.\w+)\s*")
_MARK = re.compile(r"(?:#|--|//)\s*finding(?:\s*:\s*(?P<what>[^#\n]*))?\s*$")
_PYTHON = "app/main.py"


@dataclass(frozen=True, order=True, slots=True)
class Mark:
    """A finding that must stand on a line; no confidence: any."""

    path: str
    line: int
    code: str
    confidence: str


@dataclass(frozen=True, slots=True)
class MarkedProject:
    """One small project and what must be found in it."""

    title: str
    tree: dict[str, bytes]
    marks: tuple[Mark, ...]

    def codes(self, own: str) -> tuple[str, ...]:
        """The rules that the project is about."""
        return tuple(sorted({own, *(mark.code for mark in self.marks)}))

    def differences(self, review: Review) -> list[str]:
        """What the review found too much or too little; empty where it is right."""
        found = Counter((f.path, f.line, f.rule) for f in review.findings)
        wanted = Counter((mark.path, mark.line, mark.code) for mark in self.marks)
        sure = {(f.path, f.line, f.rule, f.confidence.value) for f in review.findings}
        doubted = [
            f"{mark.path}:{mark.line}: {mark.code} is not of {mark.confidence} confidence"
            for mark in self.marks
            if mark.confidence and (mark.path, mark.line, mark.code, mark.confidence) not in sure
        ]
        missing = [
            f"{path}:{line}: {code} is missing" for path, line, code in sorted((wanted - found).elements())
        ]
        surplus = [
            f"{path}:{line}: {code} is wrong" for path, line, code in sorted((found - wanted).elements())
        ]
        return [*missing, *surplus, *([] if missing else doubted)]


def examples(section: str, code: str) -> list[MarkedProject]:
    """The projects of one section of a rule's documentation: fences with paths belong together."""
    groups: list[dict[str, str]] = []
    for path, text, is_named in _fences(MarkdownIt().parse(section)):
        if not groups or not is_named or path in groups[-1]:
            groups.append({})
        groups[-1][path] = text
    return [_project(f"example {number}", group, code) for number, group in enumerate(groups, 1)]


def cases(document: str, code: str) -> list[MarkedProject]:
    """The projects of a cases file, one for each `###`; files before the first belong to all of them."""
    shared: dict[str, str] = {}
    found: list[tuple[str, dict[str, str]]] = []
    tokens = MarkdownIt().parse(document)
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h3":
            found.append((tokens[index + 1].content, {}))
        for path, text, _ in _fences([token]):
            (found[-1][1] if found else shared)[path] = text
    return [_project(title, {**shared, **files}, code) for title, files in found]


def _fences(tokens: list[Token]) -> Iterator[tuple[str, str, bool]]:
    for token in tokens:
        if token.type != "fence":
            continue
        named = _PATH.fullmatch(token.content.partition("\n")[0])
        _, _, in_info = token.info.strip().partition(" ")
        path = in_info or (named["path"] if named else _PYTHON)
        yield path, token.content, bool(in_info or named)


def _project(title: str, files: dict[str, str], code: str) -> MarkedProject:
    marks = [mark for path, text in files.items() for mark in _marks(path, text, code)]
    return MarkedProject(title, {path: text.encode() for path, text in files.items()}, tuple(sorted(marks)))


def _marks(path: str, text: str, code: str) -> Iterator[Mark]:
    for number, line in enumerate(text.split("\n"), 1):
        match = _MARK.search(line)
        if match is None:
            continue
        for what in (match["what"] or code).split(","):
            named, _, confidence = what.strip().partition(" ")
            yield Mark(path, number, named, confidence)
