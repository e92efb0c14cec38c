"""Opaque calls that were given both a row, or its key, and the principal: they may have refused (G3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.evaluation.values import Application, Effect, Value
from rules.project.isolation.queries import Query
from rules.project.isolation.rows import Rows
from rules.project.isolation.terms import argument_values, called_name, receiver

_HARMLESS = re.compile(
    r"^(info|debug|warning|error|exception|critical|log|print|add|refresh|commit|flush|where|filter|filter_by|"
    r"get|exec|execute|format|append|emit|track|capture|publish|audit|record|bind|str|len|isinstance|model_validate)$"
)
_TELLS = re.compile(r"^(print|log|debug|info|warn|warning|error|exception|critical|record|audit|track|emit)$")


def only_tells(call: Value) -> bool:
    """Whether a call by its name does nothing but write down what happened."""
    return _TELLS.match(called_name(call)) is not None


Asked = tuple[int, list[Value]]
"""Where an opaque call that may refuse was first made, and what it was given, the principal among it."""


def asked(rows: Rows, effects: Iterable[Effect]) -> list[Asked]:
    """The opaque calls among the effects that were given the principal and may have refused."""
    found: list[Asked] = []
    seen: set[int] = set()
    for position, effect in enumerate(effects):
        call = effect.value
        if effect.kind != "call" or not isinstance(call, Application) or id(call) in seen:
            continue
        seen.add(id(call))
        if id(call) in rows.results or _harmless(call):
            continue
        of = receiver(call)
        given = [*argument_values(call.arguments), *([of] if of is not None else ())]
        if any(rows.provenances.is_principal(a) for a in given) and not rows.statements.read(call):
            found.append((position, given))
    return found


def opaque_check(rows: Rows, calls: Iterable[Asked], query: Query, position: int) -> bool:
    """Whether one of the calls before `position` got row or key and principal."""
    for made_at, given in calls:
        if made_at >= position:
            return False
        has_row = any(rows.of_row(query, a) or rows.is_key(query, a) or _above(rows, query, a) for a in given)
        if has_row and any(rows.provenances.is_principal(a) and not rows.of_row(query, a) for a in given):
            return True
    return False


def _above(rows: Rows, query: Query, value: Value) -> bool:
    """Whether a value is made of rows by which the query's are picked, and is not the principal."""
    if rows.provenances.is_principal(value):
        return False
    above = list(rows.rows_in(value))
    return any(rows.follows(query, parent) for parent in above) or any(
        rows.is_made_of(parent, key) for parent in above for key in rows.keys(query)
    )


def _harmless(call: Application) -> bool:
    return _HARMLESS.match(called_name(call)) is not None
