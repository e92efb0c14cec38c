"""Edits on a file's bytes that keep its lines, and marks for what the tree must be told afterwards."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

_INK = re.compile(rb"[^\r\n\\]|\\(?!\r?\n)")
_INK_AND_CONTINUATION = re.compile(rb"[^\r\n]")
_LINE_END = re.compile(rb"\r\n|\r|\n")

Part = str | None
"""A literal's text, or None for the next replacement field."""


@dataclass(frozen=True, slots=True)
class LiteralMark:
    """A list display that stands for an f-string or t-string."""

    parts: tuple[Part, ...]
    is_template: bool


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The host's form of a file; keys are (line, UTF-8 column) as `ast` gives them."""

    data: bytes
    literals: dict[tuple[int, int], LiteralMark]
    aliases: dict[tuple[int, int], tuple[str, ...]]
    parameters: dict[tuple[int, str], tuple[str, ...]]
    """Type parameters by the line of a `def` or `class` and its name."""


@dataclass(slots=True)
class Rewriting:
    """Collects replacements of byte ranges that do not overlap."""

    data: bytes
    _edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    _literals: dict[int, LiteralMark] = field(default_factory=dict)
    _aliases: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _parameters: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def replace(self, start: int, end: int, replacement: bytes) -> None:
        self._edits.append((start, end, replacement))

    def mark_literal(self, start: int, mark: LiteralMark) -> None:
        self._literals[start] = mark

    def mark_alias(self, start: int, parameters: tuple[str, ...]) -> None:
        self._aliases[start] = parameters

    def mark_parameters(self, name_start: int, name: str, parameters: tuple[str, ...]) -> None:
        self._parameters[name_start] = (name, parameters)

    @staticmethod
    def blank(data: bytes) -> bytes:
        """Spaces, with line ends and continuations where they were."""
        return _INK.sub(b" ", data)

    def blank_continued(self, start: int, end: int) -> bytes:
        """Spaces for a bracketed range whose brackets go, so that each line end needs a continuation."""
        blank = _INK_AND_CONTINUATION.sub(b" ", self.data[start:end])
        lines, ends = _LINE_END.split(blank), _LINE_END.findall(blank)
        return (
            b"".join([line[:-1] + b"\\" + after for line, after in zip(lines, ends, strict=False)])
            + lines[-1]
        )

    def apply(self) -> Rewritten:
        """The rewritten file, with each mark where its text came to stand."""
        pieces: list[bytes] = []
        shifts: list[tuple[int, int]] = [(0, 0)]
        position = length = 0
        for start, end, replacement in sorted(self._edits):
            pieces += (self.data[position:start], replacement)
            length += start - position + len(replacement)
            position = end
            shifts.append((end, length - end))
        pieces.append(self.data[position:])
        places = _Places(b"".join(pieces), shifts)
        return Rewritten(
            places.data,
            {places.of(start): mark for start, mark in self._literals.items()},
            {places.of(start): names for start, names in self._aliases.items()},
            {(places.of(at)[0], name): names for at, (name, names) in self._parameters.items()},
        )


class _Places:
    """Where offsets of the original stand in the rewritten file."""

    def __init__(self, data: bytes, shifts: list[tuple[int, int]]) -> None:
        self.data = data
        self._ends = [end for end, _ in shifts]
        self._shifts = [shift for _, shift in shifts]
        self._lines = [0, *[match.end() for match in _LINE_END.finditer(data)]]

    def of(self, offset: int) -> tuple[int, int]:
        moved = offset + self._shifts[bisect.bisect_right(self._ends, offset) - 1]
        line = bisect.bisect_right(self._lines, moved)
        return line, moved - self._lines[line - 1]
