"""Checks that another request can overtake: a read decides a write, and the database forbids nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    ClassValue,
    Condition,
    Effect,
    Instance,
    Member,
    Operation,
    Value,
)
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import argument_values, called_name, contains, receiver, walk
from rules.project.schema.tables import Table
from rules.project.sessions.request_sessions import RequestSessions, SessionUse
from rules.project.sessions.uniqueness import Uniqueness, matched_columns
from rules.rule import Confidence

if TYPE_CHECKING:
    from rules.project.project import Project

_NUMERIC = frozenset({"<", "<=", ">", ">="})
_ARITHMETIC = frozenset({"+", "-"})
_LOCKS = ("lock", "serializable", "semaphore", "mutex")
_RESULT_METHODS = frozenset(
    {
        "first", "one", "one_or_none", "all", "scalar", "scalars", "scalar_one_or_none", "scalar_one",
        "count", "exists", "unique", "fetchone", "fetchall", "rowcount",
    }
)  # fmt: skip
_HANDLED = (b"IntegrityError", b"UniqueViolation", b"SERIALIZABLE", b"on_conflict", b"advisory")


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """`query` decides about `write`: an insert of a row with the same `columns`, or arithmetic on one."""

    inspection: Inspection
    query: Query
    write: Effect
    table: Table
    columns: tuple[str, ...]
    confidence: Confidence
    is_insert: bool


def races(project: Project) -> Iterator[Race]:
    """Each deciding query once."""
    seen: set[object] = set()
    uniqueness = Uniqueness(project)
    for request in project.request_sessions:
        if not _is_guarded(project, request):
            for race in (*_inserts(project, request, uniqueness), *_balances(project, request.inspection)):
                if id(race.query.effect.origin.node) not in seen:
                    seen.add(id(race.query.effect.origin.node))
                    yield race


def _is_guarded(project: Project, request: RequestSessions) -> bool:
    """Whether a lock is taken, or code on the way knows what the database answers to a duplicate."""
    log = request.inspection.run.log
    for name, positions in log.index.named.items():
        if any(word in name.lower() for word in _LOCKS) and any(
            log.effects[n].kind == "call" for n in positions
        ):
            return True
    writes = [
        use for use in request.uses if use.call.direct and use.call.method in {"add", "add_all", "commit"}
    ]
    modules = {frame.module.path: frame.module for use in writes for frame in project.frames.of(use.effect)}
    return any(mark in module.source.data for module in modules.values() for mark in _HANDLED)


def _inserts(project: Project, request: RequestSessions, uniqueness: Uniqueness) -> Iterator[Race]:
    for use in request.uses:
        row = _added(project, use)
        if row is None:
            continue
        value, table = row
        for query in request.inspection.guards.queries:
            if query.position >= use.position or query.kind not in {"row", "rows", "count"}:
                continue
            if len(query.tables) != 1 or project.tables.of_class(query.tables[0]) is not table:
                continue
            columns = matched_columns(query, value, table)
            if not columns or not _decides(request.inspection, query, use.position):
                continue
            protected = uniqueness.holds(table, columns)
            if protected or _locks(query):
                continue
            sure = protected is False and request.inspection.run.complete
            confidence = Confidence.HIGH if sure else Confidence.LOW
            yield Race(request.inspection, query, use.effect, table, columns, confidence, is_insert=True)


def _added(project: Project, use: SessionUse) -> tuple[Value, Table] | None:
    """The new row of `session.add(T(…))`, with its table."""
    if not use.call.direct or use.call.method != "add" or not isinstance(use.effect.value, Application):
        return None
    for value in argument_values(use.effect.value.arguments):
        cls = _class_of(value)
        table = project.tables.of_class(cls) if cls is not None else None
        if table is not None:
            return value, table
    return None


def _class_of(value: Value) -> ClassValue | None:
    """The class of `T(…)` and of `T.model_validate(…)`."""
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Application):
        of = receiver(value)
        if isinstance(of, ClassValue):
            return of
        return value.function if isinstance(value.function, ClassValue) else None
    return None


def _decides(inspection: Inspection, query: Query, position: int) -> bool:
    """Whether what the query gave is tested on the way to the write."""
    moment = inspection.run.log.moment(position)
    tests: list[Condition] = [*moment.conditions, *(c for refusal in moment.refusals for c in refusal)]
    return any(_asks(condition.test, query) for condition in tests)


def _asks(test: Value, query: Query) -> bool:
    """Whether a test is about the existence or number of the rows, not about a column of them."""
    for node in walk(test):
        if isinstance(node, Member) and contains(node.of, query.result) and not _is_method(node):
            return False
    return contains(test, query.result)


def _is_method(node: Member) -> bool:
    return node.name in _RESULT_METHODS


def _locks(query: Query) -> bool:
    """Whether the query locks its rows: `with_for_update()`, or that argument of `get`."""
    names = {"with_for_update", "on_conflict_do_nothing", "on_conflict_do_update"}
    for node in walk(query.result):
        if called_name(node) in names:
            return True
        if isinstance(node, Application) and "with_for_update" in node.arguments.keywords:
            return True
    return False


def _balances(project: Project, inspection: Inspection) -> Iterator[Race]:
    """`if row.stock < n: raise`, then `row.stock -= n`."""
    for position, effect in enumerate(inspection.run.log.effects):
        if effect.kind != "set" or effect.target is None or not _is_arithmetic(effect):
            continue
        query = inspection.guards.rows.source(effect.target)
        if query is None or query.kind != "row" or not query.tables or _locks(query):
            continue
        table = project.tables.of_class(query.tables[0])
        if table is None or table.of_attribute(effect.name) is None or _is_versioned(table):
            continue
        if _limits(inspection, effect, position):
            sure = Confidence.HIGH if inspection.run.complete else Confidence.LOW
            yield Race(inspection, query, effect, table, (effect.name,), sure, is_insert=False)


def _is_arithmetic(effect: Effect) -> bool:
    """Whether the new value is the old one of the same attribute, more or less something."""
    value = effect.value
    return (
        isinstance(value, Operation)
        and value.operator in _ARITHMETIC
        and any(
            isinstance(o, Member) and o.name == effect.name and o.of is effect.target for o in value.operands
        )
    )


def _limits(inspection: Inspection, effect: Effect, position: int) -> bool:
    """Whether the number is compared on the way."""
    moment = inspection.run.log.moment(position)
    tests = [*moment.conditions, *(c for refusal in moment.refusals for c in refusal)]
    return any(
        isinstance(node, Operation)
        and node.operator in _NUMERIC
        and any(
            isinstance(part, Member) and part.name == effect.name and part.of is effect.target
            for operand in node.operands
            for part in walk(operand)
        )
        for condition in tests
        for node in walk(condition.test)
    )


def _is_versioned(table: Table) -> bool:
    """Whether SQLAlchemy checks a version column at each update."""
    return any("version_id_col" in cls.module.source.text for cls in table.classes)
