"""Fixes: their edits applied to a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.finding import Edit
from rules.parsing.decoding import decode
from rules.parsing.depth import check_depth
from rules.parsing.guard import parse
from rules.parsing.problem import NotAnalysed
from rules.tree import Tree

_REVISION = re.compile(r'^revision = "([\w.-]+)"$', re.MULTILINE)
_BEFORE = re.compile(r'^down_revision = "([\w.-]+)"$', re.MULTILINE)


class FixRefused(Exception):
    """The fix cannot be offered; the message says why."""


def apply_edits(tree: Tree, edits: tuple[Edit, ...]) -> dict[str, bytes]:
    """A copy of `tree` with the edits made, equal ones once. Raises FixRefused where they do not fit.

    Alembic revisions that are to be created after the same one come one after the other.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in _chained(tuple(dict.fromkeys(edits))):
        by_path.setdefault(edit.path, []).append(edit)
    return {**tree, **{path: _edited(path, tree, group) for path, group in by_path.items()}}


def check_parses(paths: Iterable[str], tree: Tree) -> None:
    """Raises FixRefused where a Python file of these would not parse."""
    for path in paths:
        if path.endswith(".py"):
            _check_parses(path, tree[path])


def _chained(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    last: dict[tuple[str, str], str] = {}
    chained: list[Edit] = []
    for edit in edits:
        own, before = _REVISION.search(edit.replacement), _BEFORE.search(edit.replacement)
        if edit.creates and own and before:
            place = edit.path.rpartition("/")[0], before[1]
            chained.append(_after(edit, before[1], last.get(place, before[1])))
            last[place] = own[1]
        else:
            chained.append(edit)
    return tuple(chained)


def _after(edit: Edit, old: str, new: str) -> Edit:
    text = edit.replacement.replace(f'down_revision = "{old}"\n', f'down_revision = "{new}"\n')
    text = text.replace(f"Revises: {old}\n", f"Revises: {new}\n")
    return Edit(edit.path, edit.start_line, edit.end_line, text)


def _edited(path: str, tree: Tree, edits: list[Edit]) -> bytes:
    if any(edit.creates for edit in edits):
        return _created(path, tree, edits)
    if path not in tree:
        raise FixRefused(f"{path} is not there")
    lines = tree[path].splitlines(keepends=True)
    ends = b"\r\n" if all(line.endswith(b"\r\n") for line in lines) else b"\n"
    below = len(lines) + 1
    for edit in sorted(edits, key=lambda edit: edit.start_line, reverse=True):
        if not 1 <= edit.start_line <= edit.end_line < below:
            raise FixRefused(f"{path}: an edit of lines {edit.start_line} to {edit.end_line} does not fit")
        lines[edit.start_line - 1 : edit.end_line] = [edit.replacement.encode("utf-8").replace(b"\n", ends)]
        below = edit.start_line
    return b"".join(lines)


def _created(path: str, tree: Tree, edits: list[Edit]) -> bytes:
    if path in tree or len(edits) > 1:
        raise FixRefused(f"{path} is there already")
    return edits[0].replacement.encode("utf-8")


def _check_parses(path: str, data: bytes) -> None:
    try:
        text = decode(data)
        check_depth(text)
        parse(text)
    except NotAnalysed as error:
        raise FixRefused(f"{path} would not parse") from error
