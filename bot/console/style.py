"""Colours for terminals: nothing but the words in a pipe."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

_CODES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "36",
    "good": "32",
    "strong": "1",
    "faint": "2",
}


class Style:
    """Paints words by their meaning: a severity, `good`, `strong` or `faint`."""

    def __init__(self, *, coloured: bool) -> None:
        """Paint only if `coloured`."""
        self._coloured = coloured

    def paint(self, meaning: str, words: str) -> str:
        """Return the words in the colour of their meaning."""
        return f"\x1b[{_CODES[meaning]}m{words}\x1b[0m" if self._coloured else words


def style_of(stream: TextIO) -> Style:
    """Return the style for a stream: coloured on a terminal, unless NO_COLOR is set (no-color.org)."""
    return Style(coloured=stream.isatty() and not os.environ.get("NO_COLOR"))


def visible(text: str) -> str:
    """Return the text with control characters spelled out: reviewed files must not steer the terminal."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text.expandtabs(4)
    )


@contextlib.contextmanager
def progress(words: str) -> Iterator[None]:
    """Show on a terminal's standard error what is being done, until it is done."""
    shown = sys.stderr.isatty()
    sys.stderr.write(words if shown else "")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\x1b[K" if shown else "")
