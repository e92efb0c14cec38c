"""A fix as the difference that it makes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from bot.console.excerpt import source_lines
from bot.console.style import Style, visible
from rules.finding import Fix
from rules.fixes import FixRefused, apply_edits

_LINES_SHOWN = 24
_CONTEXT = 1
_MEANINGS = {"+": "added", "-": "removed", "@": "faint"}


def fix_diff(fix: Fix, sources: Mapping[str, bytes], style: Style, indent: str) -> Iterator[str]:
    """Yield the fix as a unified diff, cut where it is long; nothing where the fix does not fit."""
    paths = sorted({edit.path for edit in fix.edits})
    try:
        fixed = apply_edits({path: sources[path] for path in paths if path in sources}, fix.edits)
    except FixRefused:
        return
    lines = [line for path in paths for line in _of_file(path, sources.get(path), fixed[path])]
    for line in lines[:_LINES_SHOWN]:
        meaning = "strong" if line.startswith(("--- ", "+++ ")) else _MEANINGS.get(line[:1])
        shown = line[:1] + visible(line[1:])
        yield indent + (style.paint(meaning, shown) if meaning else shown)
    if len(lines) > _LINES_SHOWN:
        yield indent + style.paint("faint", f"… and {len(lines) - _LINES_SHOWN} more lines")


def _of_file(path: str, before: bytes | None, after: bytes) -> Iterator[str]:
    yield from difflib.unified_diff(
        source_lines(before or b""),
        source_lines(after),
        fromfile="/dev/null" if before is None else f"a/{path}",
        tofile=f"b/{path}",
        n=_CONTEXT,
        lineterm="",
    )
