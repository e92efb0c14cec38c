"""Rows that are open to everyone by a column of their own (guard G8)."""

from __future__ import annotations

import re

from rules.evaluation.values import Const, Member, Value
from rules.project.isolation.queries import Query
from rules.project.isolation.rows import Rows
from rules.project.isolation.statements import Statement
from rules.project.isolation.terms import name_of, plain

_COLUMN = re.compile(r"^(is_)?(public|published|shared|visible|listed|approved|open)(_at)?$|^visibility$")
_STATE = re.compile(r"(?<![a-z])(public|published|listed)", re.IGNORECASE)
_OPEN = re.compile(r"(?<![a-z])open", re.IGNORECASE)
_STATES = frozenset({"status", "state", "visibility", "privacy", "access"})
_AUDIENCES = frozenset({"visibility", "privacy", "access"})


def open_to_everyone(
    rows: Rows, query: Query | None, statement: Statement | None, test: Value, *, truth: bool
) -> bool:
    """Whether a test that came out as `truth` shows the rows to be public."""
    found = rows.comparison(test, truth=truth)
    if found is None:
        return truth and _is_public_column(rows, query, statement, test)
    for left, right in found.sides():
        state = isinstance(left, Member) and left.name in _STATES and rows.concerns(query, statement, left)
        if not state and not _is_public_column(rows, query, statement, left):
            continue
        if isinstance(right, Const) and isinstance(right.value, bool):
            return found.equal is right.value
        if isinstance(right, Const) and right.value is None:
            return not found.equal
        return found.equal and _is_public(left, _text(right))
    return False


def _is_public(column: Value, text: str) -> bool:
    """An order's status is open to whoever processes it; a document's visibility to everyone."""
    audience = isinstance(column, Member) and column.name in _AUDIENCES
    return _STATE.search(text) is not None or (audience and _OPEN.search(text) is not None)


def _is_public_column(rows: Rows, query: Query | None, statement: Statement | None, value: Value) -> bool:
    value = plain(value)
    named = isinstance(value, Member) and _COLUMN.search(value.name) is not None
    return named and rows.concerns(query, statement, value)


def _text(value: Value) -> str:
    if isinstance(value, Const):
        return str(value.value)
    attributes = getattr(value, "attributes", {})
    inner = attributes.get("name") or attributes.get("value")
    return str(inner.value) if isinstance(inner, Const) else name_of(value)
