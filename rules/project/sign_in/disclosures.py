"""Answers that tell whether somebody has an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.evaluation.values import Application, Choice, Condition, Const, Effect, Operation, Value
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.provenance import is_verification
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import called_name, walk
from rules.project.passwords.password_values import is_password
from rules.project.sign_in.endpoints import Kind
from rules.project.taint.contexts import Context
from rules.project.tokens.term_texts import term_text


@dataclass(frozen=True, slots=True, eq=False)
class Disclosure:
    """The refusal that gives an account away, and the one it differs from."""

    context: Context
    kind: Kind
    refusal: Effect
    other: Effect | None


def disclosures(endpoints: Sequence[tuple[Context, Kind]]) -> Iterator[Disclosure]:
    """At most one for each endpoint."""
    for context, kind in endpoints:
        if context.inspection is not None and kind is not Kind.REFRESH:
            found = _disclosure(context, context.inspection, kind)
            if found is not None:
                yield found


def _disclosure(context: Context, inspection: Inspection, kind: Kind) -> Disclosure | None:
    results = inspection.guards.rows.results
    refusals = [e for e in inspection.run.handler.effects if e.kind == "raise" and _answer(e.value)]
    if kind is Kind.REGISTRATION:
        known = [e for e in refusals if _row_is(e.conditions, results, missing=False)]
        return Disclosure(context, kind, known[0], None) if known else None
    unknown = [e for e in refusals if _row_is(e.conditions, results, missing=True)]
    if not unknown:
        return None
    if kind is Kind.RECOVERY:
        return Disclosure(context, kind, unknown[0], None)
    for other in refusals:
        differs = _answer(other.value) != _answer(unknown[0].value)
        if differs and other not in unknown and _is_about_password(other.conditions):
            return Disclosure(context, kind, unknown[0], other)
    return None


def _answer(value: Value) -> str:
    """Status and text of an HTTP error; empty for an exception that something else may answer."""
    if not isinstance(value, Application) or called_name(value) != "HTTPException":
        return ""
    status, detail = value.arguments.get(0, "status_code"), value.arguments.get(1, "detail")
    return f"{term_text(status)} {term_text(detail)}"


def _row_is(conditions: Sequence[Condition], results: Mapping[int, Query], *, missing: bool) -> bool:
    """Whether the last thing that was tested is that a query gave no row, or gave one."""
    if not conditions:
        return False
    last = conditions[-1]
    if any(is_verification(node) for node in walk(last.test)):
        # Whom a proven token names is no secret from who holds it.
        return False
    return _gives(last.test, results, truth=not last.negated) is (not missing)


def _gives(test: Value, results: Mapping[int, Query], *, truth: bool) -> bool | None:
    """Whether a test that came out so says that there is a row; None where it is about something else."""
    if isinstance(test, Operation) and test.operator == "not":
        return _gives(test.operands[0], results, truth=not truth)
    if isinstance(test, Operation) and test.operator in {"is", "==", "is not", "!="}:
        left, right = test.operands[:2]
        if isinstance(right, Const) and right.value is None:
            return _gives(left, results, truth=truth is (test.operator in {"is not", "!="}))
        return None
    if isinstance(test, Choice):
        return None
    return truth if _is_row(test, results) else None


def _is_row(test: Value, results: Mapping[int, Query]) -> bool:
    """Whether a value is what a query gave, as a whole."""
    if not isinstance(test, Application):
        return False
    if id(test) in results:
        return True
    inner = getattr(test.function, "of", None)
    return called_name(test) in _ROW_METHODS and isinstance(inner, Value) and _is_row(inner, results)


_ROW_METHODS = frozenset(
    {"first", "one_or_none", "scalar_one_or_none", "scalar", "scalars", "all", "unique", "fetchone", "exists"}
)


def _is_about_password(conditions: Sequence[Condition]) -> bool:
    return bool(conditions) and any(is_password(node) for node in walk(conditions[-1].test))
