"""Columns that the project's own queries hold to the authenticated user, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Member, Value
from rules.project.isolation.formulas import leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.queries import Query


def principals_columns(isolation: Isolation) -> frozenset[tuple[int, str]]:
    """The columns by the identity of their table and their name in the database."""
    found: set[tuple[int, str]] = set()
    for inspection in isolation.inspections():
        for query in inspection.guards.queries:
            found.update(_of_query(isolation, inspection, query))
    return frozenset(found)


def _of_query(isolation: Isolation, inspection: Inspection, query: Query) -> Iterator[tuple[int, str]]:
    rows = inspection.guards.rows
    criteria = (criterion for variant in query.variants for criterion in variant.statement.filters)
    for leaf in (leaf for criterion in criteria for leaf in leaves(criterion)):
        made = rows.comparison(leaf, truth=True)
        for left, right in made.sides() if made is not None and made.equal else ():
            of = rows.table_of(left) if isinstance(left, Member) else None
            table = None if of is None else isolation.ownership.table(of)
            if (
                table is None
                or not isinstance(left, Member)
                or not _is_users_key(isolation, inspection, right)
            ):
                continue
            column = table.of_attribute(left.name)
            if column is not None:
                yield id(table), column.name


def _is_users_key(isolation: Isolation, inspection: Inspection, value: Value) -> bool:
    """Whether a value is the key of the authenticated user's row."""
    query = inspection.guards.source(value)
    if query is None or not isinstance(value, Member) or not isolation.provenances.is_principal(value):
        return False
    table = next((t for part in query.tables if (t := isolation.ownership.table(part)) is not None), None)
    column = None if table is None else table.of_attribute(value.name)
    if table is None or column is None or not column.primary_key:
        return False
    return isolation.ownership.is_user(table)
