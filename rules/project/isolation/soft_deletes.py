"""Rows that are only marked as deleted, and the queries that leave the mark out of account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.evaluation.values import Effect, Member, Origin
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.queries import Query
from rules.project.isolation.sinks import sinks
from rules.project.isolation.terms import walk
from rules.project.tables import Table
from rules.rule import Confidence

_MARK = re.compile(
    r"^(is_)?(soft_)?(deleted|removed|trashed)$|^(deleted|removed|trashed)_(at|on|time|date)$|^date_deleted$",
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
    unfiltered: dict[tuple[str, int, int], tuple[Inspection, Effect]] = field(default_factory=dict)


def unfiltered_queries(isolation: Isolation) -> Iterator[Unfiltered]:
    """Queries that leave the mark out where most of the project's queries of that table do not."""
    if isolation.filters_globally:
        return
    tables: dict[int, tuple[Table, _Seen]] = {}
    for inspection in isolation.inspections():
        for query in inspection.guards.queries:
            _count(isolation, inspection, query, tables)
    for table, seen in tables.values():
        for key in seen.filtered:
            seen.unfiltered.pop(key, None)
        if not seen.filtered or len(seen.filtered) < len(seen.unfiltered):
            continue
        most = len(seen.filtered) > len(seen.unfiltered)
        sure = Confidence.HIGH if len(seen.filtered) >= _ENOUGH and most else Confidence.LOW
        example = next(iter(seen.filtered.values()))
        for inspection, effect in seen.unfiltered.values():
            complete = inspection.run.complete and inspection.route.resolved
            confidence = sure if complete else Confidence.LOW
            yield Unfiltered(inspection, effect, table, seen.mark, example, confidence)


def _count(
    isolation: Isolation,
    inspection: Inspection,
    query: Query,
    tables: dict[int, tuple[Table, _Seen]],
) -> None:
    table = isolation.ownership.table(query.tables[0]) if query.tables else None
    mark = _mark(table) if table is not None else None
    if table is None or mark is None or query.kind not in {"row", "rows", "count"}:
        return
    seen = tables.setdefault(id(table), (table, _Seen(mark)))[1]
    root, ran = query.variants[0].statement.root, query.effect.origin
    origin = root if root.module is ran.module else ran
    key = (origin.module.path, origin.node.line, origin.node.column)
    if _looks(inspection, query, mark):
        seen.filtered.setdefault(key, origin)
    elif _is_given(inspection, query) and not _is_about_deleted(inspection):
        seen.unfiltered.setdefault(key, (inspection, replace(query.effect, origin=origin)))


def _mark(table: Table) -> str | None:
    names = [column.attribute or column.name for column in table.columns.values()]
    return next((name for name in names if _MARK.match(name)), None)


def _looks(inspection: Inspection, query: Query, mark: str) -> bool:
    """Whether the statement, or a test of the fetched row, is about the mark; setting it counts too."""
    for variant in query.variants:
        for criterion in variant.statement.filters:
            if any(isinstance(node, Member) and node.name == mark for node in walk(criterion)):
                return True
    rows, log = inspection.guards.rows, inspection.guards.log
    for effect in log.effects[query.position :]:
        tests = [condition.test for condition in effect.conditions]
        marks = effect.kind == "set" and effect.name == mark and effect.target is not None
        if marks and effect.target is not None and rows.source(effect.target) is query:
            return True
        for test in tests:
            for node in walk(test):
                if isinstance(node, Member) and node.name == mark and rows.source(node.of) is query:
                    return True
    return False


def _is_given(inspection: Inspection, query: Query) -> bool:
    """Whether the rows go to the client, rather than decide something."""
    return any(sink.query is query and not sink.writes for sink in sinks(inspection.guards))


def _is_about_deleted(inspection: Inspection) -> bool:
    """Whether the route is there for deleted rows, or for administrators."""
    route = inspection.route
    writes = {"DELETE"} & set(route.methods)
    named = _ABOUT_DELETED.search(route.path) or _ABOUT_DELETED.search(route.name)
    return bool(inspection.authentication.privileged or writes or named)
