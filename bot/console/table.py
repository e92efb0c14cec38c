"""Rows as aligned columns, for terminals and pipes alike."""

from __future__ import annotations

from collections.abc import Sequence

from bot.console.style import Style, visible


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], style: Style, indent: str = "") -> str:
    """Return the header and the rows, each column as wide as its widest cell, two spaces between."""
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *shown, strict=True)]
    lines = [style.paint("faint", _line(header, widths)), *(_line(row, widths) for row in shown)]
    return "".join(f"{indent}{line}\n" for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; cells are code spans, so that nothing in them is markup."""
    lines = [
        f"| {' | '.join(header)} |",
        f"|{'---|' * len(header)}",
        *(f"| {' | '.join(map(_code, row))} |" for row in rows),
    ]
    return "".join(f"{line}\n" for line in lines)


def _code(cell: str) -> str:
    return f"`{visible(cell).replace('`', chr(39)).replace('|', chr(92) + '|')}`" if cell else ""
