"""Edits of whole lines, made from a replacement of one piece of text in a statement."""

from __future__ import annotations

from rules.finding import Edit, Place
from rules.source import SourceFile


def replaced(source: SourceFile | None, place: Place, old: str, new: str) -> tuple[Edit, ...]:
    """The edit that replaces `old` by `new` in the lines of `place`; none unless it stands there once."""
    if source is None or not old:
        return ()
    first, last = place.line, max(place.end_line, place.line)
    found = [n for n in range(first, last + 1) if old in source.lines[n - 1]]
    if len(found) != 1 or source.lines[found[0] - 1].count(old) != 1:
        return ()
    line = source.lines[found[0] - 1].replace(old, new)
    return (Edit(source.path, found[0], found[0], line + "\n"),)
