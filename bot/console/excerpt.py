"""The source that a finding is about, with line numbers and carets, no wider than the terminal."""

from __future__ import annotations

import functools
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator

from bot.console.style import Style, visible
from rules.finding import Finding

_LINES_SHOWN = 4
_CUT = "…"


@functools.lru_cache(maxsize=32)
def source_lines(content: bytes) -> tuple[str, ...]:
    """Return the lines of a file as Python numbers them: a form feed ends none."""
    return tuple(line.decode("utf-8", "replace") for line in content.removeprefix(BOM_UTF8).splitlines())


def excerpt(finding: Finding, content: bytes, style: Style) -> Iterator[str]:
    """Yield the lines of the finding; carets mark its span in the first."""
    lines = source_lines(content)
    last = min(max(finding.line, finding.end_line), finding.line + _LINES_SHOWN - 1, len(lines))
    gutter = len(str(last))
    room = style.width - gutter - 5
    for number in range(finding.line, last + 1):
        text = lines[number - 1].rstrip()
        before, marked = _span(finding, text) if number == finding.line else (0, 0)
        skipped = _skipped(before + min(marked, room // 2), room)
        shown = _cut(visible(text), skipped, room)
        yield f"  {style.paint('faint', f'{number:>{gutter}} |')} {shown}".rstrip()
        if number == finding.line:
            carets = "^" * max(1, min(marked, room - (before - skipped)))
            indent = " " * (before - skipped)
            bar = style.paint("faint", "|")
            yield f"  {' ' * gutter} {bar} {indent}{style.paint(finding.severity, carets)}"


def _skipped(needed: int, room: int) -> int:
    """How many columns on the left are left out, so that the first `needed` and some more are seen."""
    return max(0, needed + 8 - room)


def _cut(text: str, skipped: int, room: int) -> str:
    held = f"{_CUT}{text[skipped + 1 :]}" if skipped else text
    return held if columns(held) <= room else f"{held[: room - 1]}{_CUT}"


def _span(finding: Finding, text: str) -> tuple[int, int]:
    """The columns before the finding, and those that it takes of its first line."""
    start = min(finding.column - 1, len(text))
    end = finding.end_column - 1 if finding.end_line in {0, finding.line} else len(text)
    before = columns(visible(text[:start]))
    return before, max(1, columns(visible(text[: max(start, end)])) - before)


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF") for one in text
    )
