"""Pieces of text put into a file's lines, as edits of whole lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.finding import Edit, Place
from rules.source import SourceFile


@dataclass(frozen=True, slots=True, order=True)
class Insertion:
    """`text` before the 1-based character `column` of `line`, in place of so many characters there."""

    line: int
    column: int
    text: str
    replaced: int = 0


def before(place: Place, text: str) -> Insertion:
    """Text in front of a span."""
    return Insertion(place.line, place.column, text)


def after(place: Place, text: str) -> Insertion:
    """Text behind a span."""
    return Insertion(place.end_line, place.end_column, text)


def instead(place: Place, text: str) -> Insertion | None:
    """Text in place of a span; None where that goes over several lines."""
    if place.line != place.end_line:
        return None
    return Insertion(place.line, place.column, text, place.end_column - place.column)


def inserted(source: SourceFile, insertions: Iterable[Insertion]) -> tuple[Edit, ...]:
    """One edit for each line that gets something; equal insertions count once."""
    by_line: dict[int, list[Insertion]] = {}
    for insertion in set(insertions):
        by_line.setdefault(insertion.line, []).append(insertion)
    edits: list[Edit] = []
    for number, found in sorted(by_line.items()):
        line = source.lines[number - 1]
        for insertion in sorted(found, reverse=True):
            cut = insertion.column - 1
            line = line[:cut] + insertion.text + line[cut + insertion.replaced :]
        edits.append(Edit(source.path, number, number, line + "\n"))
    return tuple(edits)
