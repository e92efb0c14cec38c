"""Rows that are only marked as deleted, and the queries that leave the mark out of account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import structs

from rules.evaluation.values import Effect, Member, Origin
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.opaque_checks import only_tells
from rules.project.isolation.queries import Query
from rules.project.isolation.response_fields import model_classes
from rules.project.isolation.sinks import insertions, sinks
from rules.project.isolation.terms import walk
from rules.project.schema.schemas import schema_of
from rules.project.schema.tables import Table
from rules.rule import Confidence

_MARK = re.compile(
    r"^(is_)?(soft_)?(deleted|removed|trashed)$|^(deleted|removed|trashed|archived)_(at|on|time|date)$|^date_deleted$",
    re.IGNORECASE,
)
_ABOUT_DELETED = re.compile(
    r"trash|restor|delet|archiv|recycle|purge|admin|audit|histor|bin\b", re.IGNORECASE
)
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Unfiltered:
    """A query of a route that gives deleted rows away too; `effect` is the query at its statement."""

    inspection: Inspection
    effect: Effect
    table: Table
    mark: str
    filtered: Origin
    confidence: Confidence


@dataclass(slots=True)
class _Seen:
    """The queries of one table by their statements: those that look at the mark, and those that do not."""

    mark: str
    filtered: dict[tuple[str, int, int], Origin] = field(default_factory=dict)
    unfiltered: dict[tuple[str, int, int], list[tuple[Inspection, Effect]]] = field(default_factory=dict)


def unfiltered_queries(isolation: Isolation) -> Iterator[Unfiltered]:
    """Queries that leave the mark out where most of the project's queries of that table do not."""
    if isolation.filters_globally:
        return
    tables: dict[int, tuple[Table, _Seen]] = {}
    for inspection in isolation.inspections():
        marked = [
            pair for query in inspection.guards.queries if (pair := _marked(isolation, query)) is not None
        ]
        if marked:
            _count(inspection, marked, tables)
    for table, seen in tables.values():
        for key in seen.filtered:
            seen.unfiltered.pop(key, None)
        if not seen.filtered or len(seen.filtered) < len(seen.unfiltered):
            continue
        most = len(seen.filtered) > len(seen.unfiltered)
        sure = Confidence.HIGH if len(seen.filtered) >= _ENOUGH and most else Confidence.LOW
        example = next(iter(seen.filtered.values()))
        for places in seen.unfiltered.values():
            # A statement whose rows go out with their mark somewhere leaves it to the client everywhere.
            told = any(_tells(isolation, inspection, seen.mark) for inspection, _ in places)
            for inspection, effect in () if told else places:
                complete = inspection.run.complete and inspection.route.resolved
                confidence = sure if complete else Confidence.LOW
                yield Unfiltered(inspection, effect, table, seen.mark, example, confidence)


def _marked(isolation: Isolation, query: Query) -> tuple[Query, Table] | None:
    """A reading query with its table, where that marks deleted rows."""
    table = isolation.ownership.table(query.tables[0]) if query.tables else None
    reads = query.kind in {"row", "rows", "count"}
    return (query, table) if table is not None and reads and _mark(table) is not None else None


def _count(
    inspection: Inspection, marked: list[tuple[Query, Table]], tables: dict[int, tuple[Table, _Seen]]
) -> None:
    guards = inspection.guards
    used = {id(sink.query) for sink in (*sinks(guards), *insertions(guards))}
    tested, marking = _tested(inspection), _marking(inspection)
    exempt = _is_about_deleted(inspection)
    for query, table in marked:
        mark = _mark(table) or ""
        seen = tables.setdefault(id(table), (table, _Seen(mark)))[1]
        root, ran = query.variants[0].statement.root, query.effect.origin
        origin = root if root.module is ran.module else ran
        key = (origin.module.path, origin.node.line, origin.node.column)
        if (id(query), mark) in marking:
            continue
        if (id(query), mark) in tested or _filters(inspection, query, mark):
            seen.filtered.setdefault(key, origin)
        elif id(query) in used and not exempt:
            places = seen.unfiltered.setdefault(key, [])
            if all(known is not inspection for known, _ in places):
                places.append((inspection, structs.replace(query.effect, origin=origin)))


def _tells(isolation: Isolation, inspection: Inspection, mark: str) -> bool:
    """Whether the response model has the mark, so that clients see which rows are deleted."""
    response = inspection.route.response_type
    classes = model_classes(response) if response is not None else []
    tables = isolation.ownership
    return any(
        mark in schema_of(isolation.machine, cls).fields for cls in classes if tables.table(cls) is None
    )


def _mark(table: Table) -> str | None:
    names = [column.attribute or column.name for column in table.columns.values()]
    return next((name for name in names if _MARK.match(name)), None)


def _filters(inspection: Inspection, query: Query, mark: str) -> bool:
    """Whether the statement is about the mark."""
    results = inspection.guards.rows.results
    return any(
        isinstance(node, Member) and node.name == mark
        for variant in query.variants
        for criterion in variant.statement.filters
        for node in walk(criterion, stop=lambda v: id(v) in results)
    )


def _tested(inspection: Inspection) -> set[tuple[int, str]]:
    """The queries with the attributes of their rows that decide what the request does, beyond a log line."""
    rows, log = inspection.guards.rows, inspection.guards.log
    acting = (e for e in log.effects if e.kind != "call" or not only_tells(e.value))
    tests = {id(c.test): c.test for effect in acting for c in effect.conditions}
    found: set[tuple[int, str]] = set()
    for test in tests.values():
        for node in walk(test, stop=lambda v: id(v) in rows.results):
            source = rows.source(node.of) if isinstance(node, Member) and _MARK.match(node.name) else None
            if source is not None and isinstance(node, Member):
                found.add((id(source), node.name))
    return found


def _marking(inspection: Inspection) -> set[tuple[int, str]]:
    """The queries with the marks of their rows that the request sets: it deletes or restores them."""
    rows, log = inspection.guards.rows, inspection.guards.log
    found: set[tuple[int, str]] = set()
    for effect in log.effects:
        if effect.kind == "set" and effect.target is not None and _MARK.match(effect.name):
            source = rows.source(effect.target)
            if source is not None:
                found.add((id(source), effect.name))
    return found


def _is_about_deleted(inspection: Inspection) -> bool:
    """Whether the route is there for deleted rows, or for administrators."""
    route = inspection.route
    writes = {"DELETE"} & set(route.methods)
    named = _ABOUT_DELETED.search(route.path) or _ABOUT_DELETED.search(route.name)
    return bool(inspection.authentication.privileged or writes or named)
