"""New rows that a request puts below another by the client's key: `Task(project_id=project_id)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Effect, Instance, Member, Operation, Symbol, Value
from rules.project.isolation.guards import Guards
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.queries import Query
from rules.project.isolation.statements import Statement, Variant
from rules.project.isolation.terms import plain
from rules.project.schema.tables import Table


@dataclass(frozen=True, slots=True)
class Placement:
    """A new row whose `column` names a row of `parent` by the client's `key`."""

    effect: Effect
    made: Instance
    position: int
    parent: Table
    column: str
    key: Value

    def query(self) -> Query:
        """The insertion as a statement: what is written where, under which key."""
        origin = self.effect.origin
        criterion = Operation("==", [Member(self.parent.model, "id", origin), self.key], origin)
        statement = Statement("insert", (self.made.cls,), origin, filters=(criterion,))
        result = Application(self.made.cls, self.made.arguments, origin)
        return Query("insert", (Variant(statement),), self.effect, result, self.position)


def placements(guards: Guards, ownership: Ownership) -> Iterator[Placement]:
    """Every such row of a run, whether the key was checked or not."""
    for position, effect in enumerate(guards.log.effects):
        made = effect.value
        table = ownership.table(made.cls) if effect.kind == "call" and isinstance(made, Instance) else None
        if table is None or not isinstance(made, Instance):
            continue
        for name, value in made.arguments.keywords.items():
            parent = _owned_parent(table, name, ownership)
            key = plain(value)
            sent = isinstance(key, Symbol | Member) and guards.provenances.clients(key)
            if parent is not None and sent and guards.source(key) is None:
                yield Placement(effect, made, position, parent, name, key)


def _owned_parent(table: Table, name: str, ownership: Ownership) -> Table | None:
    """The table of owned rows that a column names."""
    column = table.of_attribute(name)
    parent = None if column is None else ownership.target(table, column)
    if parent is None or parent is table or ownership.is_user(parent):
        return None
    return parent if ownership.paths(parent) else None
