"""Where GitHub lets a review comment stand, and where it stands after a push."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bot.demo.github.conversation import Anchor
from bot.demo.github.diff import FileDiff, Hunk, Line

SIDES = ("LEFT", "RIGHT")


class BadAnchor(Exception):
    """GitHub refuses this place; `field` is the field it names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A place in a diff: its hunk up to the line, as text, and the line's position in the file's diff."""

    diff_hunk: str
    position: int


def place(files: Sequence[FileDiff], anchor: Anchor) -> Placed:
    """Find `anchor` in the diff, or raise `BadAnchor` as GitHub would refuse it.

    GitHub documents `LEFT` for deleted lines and `RIGHT` for added and unchanged ones.
    """
    file = next((each for each in files if each.path == anchor.path), None)
    if file is None:
        raise BadAnchor("path", "Path could not be resolved")
    if anchor.line is None:
        return Placed(diff_hunk="", position=1)
    if anchor.side not in SIDES or anchor.start_side not in (None, *SIDES):
        raise BadAnchor("side", "side is not included in the list")
    index, hunk, offset = _find(file, anchor.line, anchor.side, "line")
    if anchor.start_line is not None:
        _check_start(file, anchor, index, offset)
    shown = [hunk.header, *(f"{line.kind}{line.text}" for line in hunk.lines[: offset + 1])]
    before = sum(len(each.lines) + 1 for each in file.hunks[:index])
    return Placed(diff_hunk="\n".join(shown), position=before + offset + 1)


def _check_start(file: FileDiff, anchor: Anchor, index: int, offset: int) -> None:
    assert anchor.start_line is not None
    start_index, _, start_offset = _find(
        file, anchor.start_line, anchor.start_side or anchor.side, "start_line"
    )
    if start_index != index:
        raise BadAnchor("start_line", "start_line must be part of the same hunk as the line.")
    if start_offset >= offset:
        raise BadAnchor("start_line", "start_line must precede the end line.")


def _find(file: FileDiff, number: int, side: str, field: str) -> tuple[int, Hunk, int]:
    for index, hunk in enumerate(file.hunks):
        for offset, line in enumerate(hunk.lines):
            if _number(line, side) == number:
                return index, hunk, offset
    raise BadAnchor(field, f"{field} must be part of the diff")


def _number(line: Line, side: str) -> int | None:
    if side == "LEFT":
        return line.old if line.kind == "-" else None
    return line.new


def moved(anchor: Anchor, change: Sequence[FileDiff]) -> Anchor | None:
    """The anchor after `change`, a diff of two heads without context, or None when its lines changed."""
    file = next((each for each in change if anchor.path in (each.path, each.previous_path)), None)
    if file is None or anchor.side == "LEFT":
        return anchor
    if file.status == "removed":
        return None
    line = _moved_line(file, anchor.line)
    start = _moved_line(file, anchor.start_line)
    if (line is None) != (anchor.line is None) or (start is None) != (anchor.start_line is None):
        return None
    return dataclasses.replace(anchor, path=file.path, line=line, start_line=start)


def _moved_line(file: FileDiff, number: int | None) -> int | None:
    if number is None:
        return None
    shift = 0
    for hunk in file.hunks:
        removed = [line.old for line in hunk.lines if line.old is not None]
        added = [line.new for line in hunk.lines if line.new is not None]
        if number in removed:
            return None
        first = removed[0] if removed else added[0] - shift
        if first <= number:
            shift += len(added) - len(removed)
    return number + shift
