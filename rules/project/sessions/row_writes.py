"""What a request adds to, changes in or deletes from the tables, in order."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Effect,
    Instance,
    Member,
    Sequence,
    Value,
    alternatives,
)
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query, any_source
from rules.project.isolation.terms import called_name, receiver
from rules.project.schema.tables import Table, Tables

_ADDS = frozenset({"add", "add_all", "merge", "bulk_save_objects"})
_DELETES = frozenset({"delete"})
_CHANGES = frozenset({"sqlmodel_update"})
_ANY = "*"
"""What the evaluator calls an attribute whose name only the request knows: `setattr(row, key, value)`."""


class Change(enum.Enum):
    """What is done to rows."""

    ADDS = "adds"
    CHANGES = "changes"
    DELETES = "deletes"


@dataclass(frozen=True, slots=True, eq=False)
class RowWrite:
    """One write of rows of `table`, which a commit makes last; `row` is the new or changed one, if known.

    `attribute` is the only attribute that is set, where it is one.
    """

    change: Change
    table: Table
    effect: Effect
    position: int
    row: Value | None = None
    attribute: str = ""


_STATEMENTS = {"insert": Change.ADDS, "update": Change.CHANGES, "delete": Change.DELETES}


def row_writes(inspection: Inspection, tables: Tables) -> Iterator[RowWrite]:
    """All writes of a request, its dependencies' first."""
    queries = {id(query.effect): query for query in inspection.guards.queries}
    for position, effect in enumerate(inspection.run.log.effects):
        query = queries.get(id(effect))
        if query is not None and query.kind in _STATEMENTS:
            table = _table_of(query, tables)
            if table is not None:
                yield RowWrite(_STATEMENTS[query.kind], table, effect, position)
        elif effect.kind == "set":
            yield from _set(inspection, tables, effect, position)
        elif effect.kind == "call":
            yield from _called(inspection, tables, effect, position)


def _table_of(query: Query, tables: Tables) -> Table | None:
    return next((found for part in query.tables if (found := tables.of_class(part)) is not None), None)


def _set(inspection: Inspection, tables: Tables, effect: Effect, position: int) -> Iterator[RowWrite]:
    """`row.column = value` of a row that was queried."""
    if effect.target is None or isinstance(effect.target, Member):
        return
    query = inspection.guards.rows.source(effect.target)
    table = _table_of(query, tables) if query is not None and query.kind in {"row", "rows"} else None
    if table is None:
        return
    if effect.name == _ANY:
        yield RowWrite(Change.CHANGES, table, effect, position, effect.target)
    elif table.of_attribute(effect.name) is not None:
        yield RowWrite(Change.CHANGES, table, effect, position, effect.target, effect.name)


def _called(inspection: Inspection, tables: Tables, effect: Effect, position: int) -> Iterator[RowWrite]:
    call = effect.value
    if not isinstance(call, Application) or inspection.guards.statements.read(call):
        return
    name, of = called_name(call), receiver(call)
    if of is None:
        return
    if name in _CHANGES:
        yield from _of_queried(inspection, tables, of, effect, position, Change.CHANGES)
    for given in call.arguments.positional if name in _ADDS | _DELETES else ():
        for row in _rows(given):
            table = _new_table(row, tables)
            if name in _DELETES:
                yield from _of_queried(inspection, tables, row, effect, position, Change.DELETES)
            elif table is not None:
                yield RowWrite(Change.ADDS, table, effect, position, row)


def _of_queried(
    inspection: Inspection, tables: Tables, row: Value, effect: Effect, position: int, change: Change
) -> Iterator[RowWrite]:
    query = any_source(row, inspection.guards.rows.results)
    table = _table_of(query, tables) if query is not None else None
    if table is not None:
        yield RowWrite(change, table, effect, position, row)


def _rows(given: Value) -> Iterator[Value]:
    for choice in alternatives(given):
        if isinstance(choice.value, Sequence):
            yield from choice.value.items
        else:
            yield choice.value


def _new_table(row: Value, tables: Tables) -> Table | None:
    """The table of a row that the request makes: `Note(…)`, `Note.model_validate(…)`."""
    if isinstance(row, Instance):
        return tables.of_class(row.cls)
    if not isinstance(row, Application):
        return None
    made = row.function.of if isinstance(row.function, Member) else row.function
    return tables.of_class(made)
