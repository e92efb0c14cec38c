"""A unified diff as GitHub sees it: which lines of which files may carry a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from unidiff import patch as unidiff
from unidiff.errors import UnidiffParseError


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One hunk: head lines (`right`), base lines (`left`), and where lines were added or removed.

    `cuts` holds each head line directly before which base lines were removed.
    """

    right: range
    left: range
    added: frozenset[int]
    removed: frozenset[int]
    cuts: frozenset[int]

    def holds(self, first: int, last: int) -> bool:
        """Whether a comment may span these head lines."""
        return first <= last and first in self.right and last in self.right

    def intact(self, first: int, last: int) -> bool:
        """Whether a suggestion may replace these head lines: nothing was removed between them."""
        return self.holds(first, last) and not any(first < cut <= last for cut in self.cuts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePatch:
    """The change of one file; `path` is its name in the head, or in the base where it was deleted."""

    path: str
    source: str
    hunks: tuple[Hunk, ...]

    def hunk(self, first: int, last: int) -> Hunk | None:
        """The hunk in which these head lines lie together."""
        return next((hunk for hunk in self.hunks if hunk.holds(first, last)), None)

    def left_hunk(self, line: int) -> Hunk | None:
        """The hunk in which this base line was removed: the LEFT side takes comments there alone."""
        return next((hunk for hunk in self.hunks if line in hunk.removed), None)


@dataclass(frozen=True, slots=True)
class Patch:
    """The difference of two trees by head path."""

    files: Mapping[str, FilePatch] = field(default_factory=dict)

    def hunk(self, path: str, first: int, last: int) -> Hunk | None:
        """The hunk of `path` that holds these head lines together."""
        found = self.files.get(path)
        return found.hunk(first, last) if found else None

    def adds(self, path: str, line: int) -> bool:
        """Whether this head line is new."""
        found = self.files.get(path)
        return found is not None and any(line in hunk.added for hunk in found.hunks)


def parse(diff: str) -> Patch:
    """Read the output of `git diff`. Raises `ValueError` where it is none."""
    try:
        files = [_file(patched) for patched in unidiff.PatchSet(diff)]
    except UnidiffParseError as error:
        raise ValueError(f"not a unified diff: {error}") from error
    return Patch({patched.path: patched for patched in files})


def parse_file(path: str, hunks: str) -> FilePatch:
    """Read the hunks of one file as GitHub's list of changed files gives them."""
    header = f"--- a/{path}\n+++ b/{path}\n"
    return parse(header + hunks.rstrip("\n") + "\n").files[path]


def _file(patched: unidiff.PatchedFile) -> FilePatch:
    return FilePatch(
        path=_name(patched.path),
        source=_name(patched.source_file.removeprefix("a/")),
        hunks=tuple(_hunk(hunk) for hunk in patched),
    )


def _hunk(hunk: unidiff.Hunk) -> Hunk:
    added, removed, cuts = set[int](), set[int](), set[int]()
    after_removal = False
    for line in hunk:
        if line.is_removed and line.source_line_no:
            removed.add(line.source_line_no)
            after_removal = True
        elif line.target_line_no:
            if after_removal:
                cuts.add(line.target_line_no)
            if line.is_added:
                added.add(line.target_line_no)
            after_removal = False
    return Hunk(
        right=range(hunk.target_start, hunk.target_start + hunk.target_length),
        left=range(hunk.source_start, hunk.source_start + hunk.source_length),
        added=frozenset(added),
        removed=frozenset(removed),
        cuts=frozenset(cuts),
    )


def _name(path: str) -> str:
    # git quotes names with control characters or quotes as C strings; their escapes are bytes.
    if not (path.startswith('"') and path.endswith('"')):
        return path
    raw = path[1:-1].encode().decode("unicode_escape").encode("latin-1", "replace")
    return raw.decode(errors="replace").removeprefix("b/").removeprefix("a/")
