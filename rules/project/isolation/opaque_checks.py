"""Opaque calls that were given both a row, or its key, and the principal: they may have refused (G3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.evaluation.values import Application, Effect
from rules.project.isolation.queries import Query
from rules.project.isolation.rows import Rows
from rules.project.isolation.terms import argument_values, called_name, receiver

_HARMLESS = re.compile(
    r"^(info|debug|warning|error|exception|critical|log|print|add|refresh|commit|flush|where|filter|filter_by|"
    r"get|exec|execute|format|append|emit|track|capture|publish|audit|record|bind|str|len|isinstance|model_validate)$"
)


def opaque_check(rows: Rows, effects: Iterable[Effect], query: Query) -> bool:
    """Whether an opaque call among the effects got row or key and principal, and may have refused."""
    for effect in effects:
        call = effect.value
        if effect.kind != "call" or not isinstance(call, Application) or id(call) in rows.results:
            continue
        if rows.statements.read(call) or _harmless(call):
            continue
        arguments = argument_values(call.arguments)
        of = receiver(call)
        given = [*arguments, of] if of is not None else arguments
        has_row = any(rows.of_row(query, a) or rows.is_key(query, a) for a in given)
        if has_row and any(rows.provenances.is_principal(a) and not rows.of_row(query, a) for a in given):
            return True
    return False


def _harmless(call: Application) -> bool:
    return _HARMLESS.match(called_name(call)) is not None
