"""A diff as GitHub shows it: files, hunks and numbered lines, computed by git with three lines of context."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from bot.demo.github import git

HUNK_HEADER = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a hunk; `kind` is ` `, `+` or `-`, a number is None on the side where the line is not."""

    kind: str
    old: int | None
    new: int | None
    text: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One hunk with its `@@` header."""

    header: str
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What changed in one file; `sha` is the blob after the change (before it, for a removed file)."""

    path: str
    previous_path: str | None
    status: str
    sha: str
    hunks: tuple[Hunk, ...]
    patch: str

    @property
    def additions(self) -> int:
        return sum(line.kind == "+" for hunk in self.hunks for line in hunk.lines)

    @property
    def deletions(self) -> int:
        return sum(line.kind == "-" for hunk in self.hunks for line in hunk.lines)


def between(folder: Path, old: str, new: str, *, context: int = 3) -> tuple[FileDiff, ...]:
    """The difference of two commits, renames found."""
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "--full-index", "-M", old, new)
    raw = git.run(folder, "diff", "--raw", "-z", "--no-abbrev", *options).decode(errors="replace")
    text = git.run(folder, "diff", f"-U{context}", *options).decode(errors="replace")
    sections = iter(re.split(r"^diff --git .*\n", text, flags=re.MULTILINE)[1:])
    return tuple(_file(entry, _section(entry[0], sections)) for entry in _raw_entries(raw.split("\0")))


def _section(status: str, sections: Iterator[str]) -> str:
    # git shows a change of type, a file that becomes a link, as a removal and an addition.
    return next(sections) + (next(sections) if status == "T" else "")


def _raw_entries(fields: list[str]) -> list[tuple[str, str, str, str | None]]:
    entries: list[tuple[str, str, str, str | None]] = []
    remaining = iter(field for field in fields if field)
    for facts in remaining:
        _, _, old_sha, new_sha, status = facts.split()
        sha = old_sha if status == "D" else new_sha
        first = next(remaining)
        if status[0] in "RC":
            entries.append((status[0], sha, next(remaining), first))
        else:
            entries.append((status[0], sha, first, None))
    return entries


def _file(entry: tuple[str, str, str, str | None], section: str) -> FileDiff:
    status, sha, path, previous = entry
    start = re.search(r"^@@ ", section, flags=re.MULTILINE)
    patch = section[start.start() :].removesuffix("\n") if start else ""
    return FileDiff(
        path=path, previous_path=previous, status=STATUSES[status], sha=sha, hunks=_hunks(patch), patch=patch
    )


def _hunks(patch: str) -> tuple[Hunk, ...]:
    bodies = re.split(r"^(?=@@ )", patch, flags=re.MULTILINE)
    return tuple(_hunk(body.removesuffix("\n").split("\n")) for body in bodies if body)


def _hunk(lines: list[str]) -> Hunk:
    header = HUNK_HEADER.match(lines[0])
    assert header is not None
    old, new = int(header[1]), int(header[2])
    numbered: list[Line] = []
    for line in lines[1:]:
        kind = line[:1]
        if kind == "\\":
            continue
        numbered.append(
            Line(kind=kind, old=None if kind == "+" else old, new=None if kind == "-" else new, text=line[1:])
        )
        old += kind != "+"
        new += kind != "-"
    return Hunk(header=lines[0], lines=tuple(numbered))
