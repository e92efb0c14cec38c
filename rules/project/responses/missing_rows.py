"""Rows that a request looks up by a key of the client and then uses, found or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Effect,
    External,
    Origin,
)
from rules.project.failures.catching import Catching
from rules.project.isolation.formulas import leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import called_name, walk
from rules.project.responses.asked_names import is_asked
from rules.project.responses.row_uses import RowUses
from rules.project.schema.tables import Table, Tables
from rules.project.sessions.row_writes import Change, row_writes

_AGGREGATES = frozenset({"count", "sum", "max", "min", "avg", "exists"})


@dataclass(frozen=True, slots=True, eq=False)
class MissingRow:
    """A use of a row that may not be there: it is `read`, `written`, `deleted` or `returned`.

    `site` is the query, or the call that leads to it, in the function of the use; `by_claim` where only the
    client's token names the row.
    """

    inspection: Inspection
    query: Query
    table: Table
    use: Effect
    way: str
    site: Origin
    by_claim: bool


def missing_rows(inspection: Inspection, tables: Tables, catching: Catching) -> Iterator[MissingRow]:
    """The first unchecked use of each row that the client's key selects."""
    if inspection.route.kind != "api":
        return
    for query in inspection.guards.queries:
        table = tables.of_class(query.tables[0]) if query.tables else None
        if table is None or not _is_lookup(inspection, query) or is_asked(catching.frames, query.effect):
            continue
        uses = RowUses(inspection, query)
        found = None if _may_be_known(inspection, tables, query, table) else uses.first()
        if found is None or catching.is_caught(found[0], External("builtins.AttributeError")):
            continue
        if not uses.is_ever_tested():
            use, way = found
            by_claim = not inspection.guards.rows.keys(query)
            yield MissingRow(inspection, query, table, use, way, _site(query.effect, use), by_claim)


def _is_lookup(inspection: Inspection, query: Query) -> bool:
    """Whether the query gives one row, or None, by a key of the client; aggregates always give one."""
    if query.kind != "row" or query.certain:
        return False
    if not inspection.guards.rows.keys(query) and not _is_by_claim(inspection, query):
        return False
    return not any(called_name(node) in _AGGREGATES for node in walk(query.result))


def _is_by_claim(inspection: Inspection, query: Query) -> bool:
    """Whether a claim of the client's token selects the row: of an account that may have gone since."""
    rows, provenances = inspection.guards.rows, inspection.run.provenances
    for variant in query.variants:
        for leaf in (leaf for criterion in variant.statement.filters for leaf in leaves(criterion)):
            found = rows.comparison(leaf, truth=True)
            if found is None or not found.equal:
                continue
            for side in (found.left, found.right):
                if provenances.is_presented(side) and rows.source(side) is None:
                    return True
    return False


def _site(query: Effect, use: Effect) -> Origin:
    chain = (*query.stack[1:], query.origin)
    return chain[min(len(use.stack), len(chain)) - 1] if use.stack else query.origin


def _may_be_known(inspection: Inspection, tables: Tables, query: Query, table: Table) -> bool:
    """Whether the request itself added a row before, or asked by all the same keys.

    That may have been another table, whose rows refer to this one's.
    """
    rows = inspection.guards.rows
    keys = rows.keys(query)
    before = (q for q in inspection.guards.queries if q.position < query.position and q.tables)
    near = [q for q in before if q.kind in {"row", "count"} or tables.of_class(q.tables[0]) is table]
    asked = bool(keys) and all(any(rows.selects(other, key) for other in near) for key in keys)
    return asked or any(
        write.change is Change.ADDS and write.table is table and write.position < query.position
        for write in row_writes(inspection, tables)
    )
