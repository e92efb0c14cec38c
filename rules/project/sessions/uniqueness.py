"""Whether the database refuses a second row with the same values, by models and migrations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Dictionary, Instance, Member, Symbol, Value
from rules.project.isolation.comparisons import comparison
from rules.project.isolation.formulas import leaves
from rules.project.isolation.queries import Query
from rules.project.isolation.rows import same_path
from rules.project.isolation.terms import argument_values, plain, walk
from rules.project.schema.columns import Key
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.project.project import Project


class Uniqueness:
    """Asks models and migrations for unique keys."""

    def __init__(self, project: Project) -> None:
        self._migrated = {id(p.table): p.migrated for p in project.drift if p.migrated is not None}

    def holds(self, table: Table, columns: tuple[str, ...]) -> bool | None:
        """Whether a unique key lies within the columns; None where not all keys are known."""
        names = {c.name for a in columns if (c := table.of_attribute(a)) is not None}
        if _is_unique(table, names):
            return True
        migrated = self._migrated.get(id(table))
        if migrated is not None and (migrated.unknown or migrated.keys_unknown):
            return None
        if migrated is not None and _has_unique_key(migrated.keys, names):
            return True
        return False if table.complete else None


def _is_unique(table: Table, names: set[str]) -> bool:
    primary = {c.name for c in table.columns.values() if c.primary_key}
    if primary and primary <= names:
        return True
    if any(table.columns[name].unique is not False for name in names if name in table.columns):
        return True
    return _has_unique_key(table.keys, names)


def _has_unique_key(keys: Iterable[Key], names: set[str]) -> bool:
    """Whether a unique key lies within the columns; one over expressions, such as `lower(email)`, counts."""
    return any(
        set(key.columns) <= names and (key.kind in {"unique", "primary"} or key.unique) for key in keys
    )


def matched_columns(query: Query, row: Value, table: Table) -> tuple[str, ...]:
    """The columns by which the query looks for what the new row will have; empty unless all are matched."""
    found: list[str] = []
    for column, value in _criteria(query):
        if table.of_attribute(column) is None or not _carries(row, column, value):
            return ()
        found.append(column)
    return tuple(dict.fromkeys(found))


def _criteria(query: Query) -> Iterator[tuple[str, Value]]:
    """`T.column == value` for each criterion; an unreadable one gives a column without a name."""
    for criterion in query.variants[0].statement.filters:
        for leaf in leaves(criterion):
            found = comparison(leaf, truth=True)
            if found is None or found.operator != "==":
                yield "", leaf
                continue
            sides = [(a, b) for a, b in found.sides() if isinstance(a, Member) and a.of in query.tables]
            if sides:
                yield _column(sides[0][0]), plain(sides[0][1])
            else:
                yield "", leaf


def _column(value: Value) -> str:
    return value.name if isinstance(value, Member) else ""


def _carries(row: Value, column: str, value: Value) -> bool:
    """Whether the new row gets the value in that column, by name or by copying what the value is part of."""
    if isinstance(row, Instance):
        given = row.attributes.get(column)
        if given is not None:
            return same_path(plain(given), value)
    arguments = row.arguments if isinstance(row, Instance | Application) else None
    if arguments is None or not isinstance(value, Member) or value.name != column:
        return False
    return any(
        node is value.of
        for argument in argument_values(arguments)
        if isinstance(argument, Symbol | Instance | Application | Dictionary)
        for node in walk(argument)
    )
