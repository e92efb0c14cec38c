"""Colours and width for terminals: nothing but the words in a pipe."""

from __future__ import annotations

import os
import shutil
import textwrap
from typing import TextIO

_CODES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "36",
    "good": "32",
    "added": "32",
    "removed": "31",
    "strong": "1",
    "faint": "2",
}
_WIDTH = 100
_NARROWEST, _WIDEST = 40, 140


class Style:
    """Paints words by their meaning (a severity, `good`, `strong`, …) and wraps them at `width` columns."""

    def __init__(self, *, coloured: bool, width: int = _WIDTH) -> None:
        """Paint only if `coloured`."""
        self._coloured = coloured
        self.width = max(_NARROWEST, min(width, _WIDEST))

    def paint(self, meaning: str, words: str) -> str:
        """Return the words in the colour of their meaning."""
        return f"\x1b[{_CODES[meaning]}m{words}\x1b[0m" if self._coloured and words else words

    def wrapped(self, text: str, indent: str, hanging: str = "") -> list[str]:
        """Return indented lines, no wider than the style but for long words; those after the first hang."""
        return textwrap.wrap(
            text,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent + hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )


def style_of(stream: TextIO) -> Style:
    """Return the style for a stream: coloured on a terminal, unless NO_COLOR is set (no-color.org)."""
    if not stream.isatty():
        return Style(coloured=False)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(coloured=not plain, width=shutil.get_terminal_size((_WIDTH, 24)).columns)


def visible(text: str) -> str:
    """Return the text with control characters spelled out: reviewed files must not steer the terminal."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text.expandtabs(4)
    )
