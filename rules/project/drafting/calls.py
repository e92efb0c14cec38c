"""Calls of Alembic's operations as source text, and one change of the schema with its reverse."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST = 100
_INDENT = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Statements of `upgrade` and `downgrade`; `cures` are the differences (kind, subject) that it ends.

    A `concurrent` change stands at the end, outside the revision's transaction.
    """

    up: tuple[str, ...]
    down: tuple[str, ...]
    cures: frozenset[tuple[str, str]] = frozenset()
    concurrent: bool = False


def text(value: str) -> str:
    """A string literal."""
    return json.dumps(value, ensure_ascii=False)


def texts(values: Iterable[str]) -> str:
    """A list of string literals."""
    return f"[{', '.join(text(value) for value in values)}]"


def call(function: str, *arguments: str, schema: str | None = None) -> str:
    """`function(arguments…)` on one line, or with an argument a line where that is too long."""
    given = [a for a in arguments if a] + ([f"schema={text(schema)}"] if schema else [])
    short = f"{function}({', '.join(given)})"
    if len(short) <= _LONGEST and "\n" not in short:
        return short
    return f"{function}(\n" + "".join(f"{_INDENT}{a},\n" for a in given) + ")"


def indented(statement: str, depth: int) -> str:
    """The statement's lines, each moved in."""
    return "\n".join(f"{_INDENT * depth}{line}" if line else line for line in statement.split("\n"))
