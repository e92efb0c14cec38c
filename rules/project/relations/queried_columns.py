"""Columns that requests search or sort by although no index begins with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, Member, Origin, Sequence, Value
from rules.project.isolation.comparisons import comparison
from rules.project.isolation.formulas import parts
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query
from rules.project.isolation.statements import Statement
from rules.project.isolation.terms import called_name, plain, receiver
from rules.project.relations.unindexed_keys import indexes_keys_itself, leading_columns
from rules.project.schema.columns import Column
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.project.project import Project

_SEARCHES = frozenset({"==", "in", "<", "<=", ">", ">="})
_FEW_VALUES = frozenset({"Boolean", "Enum"})
_LONGEST_CHAIN = 40


@dataclass(frozen=True, slots=True)
class Use:
    """One query that needs an index: `way` is `filter` or `order`."""

    way: str
    inspection: Inspection
    origin: Origin


@dataclass(slots=True)
class QueriedColumn:
    """A column without an index, and the queries that would use one."""

    table: Table
    column: Column
    uses: list[Use] = field(default_factory=list)


def queried_columns(project: Project) -> tuple[QueriedColumn, ...]:
    """Each column that some request's query selects or sorts by, where no other index narrows that query."""
    led = leading_columns(project)
    search = _Search(project, led)
    for inspection in project.isolation.inspections():
        for query in inspection.guards.queries:
            search.look_at(inspection, query)
    return tuple(search.found.values())


class _Search:
    def __init__(self, project: Project, led: dict[int, frozenset[str]]) -> None:
        self._led = led
        self._ownership = project.isolation.ownership
        self._free_keys = indexes_keys_itself(project)
        self.found: dict[tuple[str, int, str], QueriedColumn] = {}

    def look_at(self, inspection: Inspection, query: Query) -> None:
        """Note the columns by which the query searches, unless it finds its rows by an index."""
        statement = query.variants[0].statement
        table = self._ownership.table(statement.tables[0]) if statement.tables else None
        if table is None or not table.complete or query.kind == "insert" or statement.is_open:
            return
        searched = list(self._searched(statement, table))
        if any(self._is_indexed(table, column) for column, equal in searched if equal):
            return
        for column in [column for column, equal in searched if equal] or [c for c, _ in searched]:
            if self._note(table, column, Use("filter", inspection, query.effect.origin)):
                return
        if searched or not statement.limited or statement.joined:
            return
        for column in _sorted_by(query.effect.value, statement, table):
            if self._is_indexed(table, column):
                return
            self._note(table, column, Use("order", inspection, query.effect.origin))
            return

    def _searched(self, statement: Statement, table: Table) -> Iterator[tuple[Column, bool]]:
        for criterion in statement.filters:
            for leaf in _conjuncts(criterion):
                found = comparison(leaf, truth=True)
                if found is None or found.operator not in _SEARCHES:
                    continue
                for side, other in found.sides():
                    column = _column(side, statement, table)
                    if column is not None and self._is_sought(other):
                        yield column, found.operator in {"==", "in"}
                        break

    def _is_sought(self, value: Value) -> bool:
        """Whether a value is one to look for: no other column, no NULL and no truth value."""
        if isinstance(value, Const) and (value.value is None or isinstance(value.value, bool)):
            return False
        return not (isinstance(value, Member) and self._ownership.table(value.of) is not None)

    def _is_indexed(self, table: Table, column: Column) -> bool:
        known = self._led.get(id(table), frozenset())
        flagged = column.primary_key is not False or column.index is not False or column.unique is not False
        return flagged or column.name in known or column.attribute in known

    def _note(self, table: Table, column: Column, use: Use) -> bool:
        """Whether the column is one that an index would help: one is enough for a query."""
        name = column.type.name if column.type is not None else ""
        if self._is_indexed(table, column) or name in _FEW_VALUES or not name:
            return False
        if any(key.target for key in column.foreign_keys) or (column.foreign_keys and self._free_keys):
            return False
        key = (column.place.path, column.place.line, column.name)
        self.found.setdefault(key, QueriedColumn(table, column)).uses.append(use)
        return True


def _conjuncts(criterion: Value) -> Iterator[Value]:
    """The tests that must all hold; what an OR connects is none of them."""
    inner = parts(criterion)
    if not inner:
        yield criterion
    elif getattr(criterion, "operator", "") in {"and", "&"} or called_name(criterion) == "and_":
        for part in inner:
            yield from _conjuncts(part)


def _column(value: Value, statement: Statement, table: Table) -> Column | None:
    value = plain(value)
    if isinstance(value, Member) and value.of is statement.tables[0]:
        return table.of_attribute(value.name)
    return None


def _sorted_by(value: Value, statement: Statement, table: Table) -> Iterator[Column]:
    """The first column of each `order_by` in the chain of calls that made a statement."""
    pending = [value]
    for _ in range(_LONGEST_CHAIN):
        if not pending:
            return
        current = pending.pop()
        if not isinstance(current, Application):
            continue
        if called_name(current) == "order_by" and current.arguments.positional:
            first = current.arguments.positional[0]
            first = first.items[0] if isinstance(first, Sequence) and first.items else first
            column = _column(_unsorted(first), statement, table)
            if column is not None:
                yield column
        of = receiver(current)
        pending += [*current.arguments.positional[:1], *([of] if of is not None else [])]


def _unsorted(value: Value) -> Value:
    """`Item.created_at` of `Item.created_at.desc()` and `desc(Item.created_at)`."""
    value = plain(value)
    if isinstance(value, Application) and called_name(value) in {"nullslast", "nullsfirst", "nulls_last"}:
        of = receiver(value)
        return plain(of if of is not None else value.arguments.positional[0])
    return value
