"""Operations on a team that the project keeps for some of its members, by the role in their membership."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rules.evaluation.values import Effect, Instance, Member, Value
from rules.project.isolation.formulas import leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.privileges import PRIVILEGE
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import plain, walk
from rules.project.schema.tables import Table

_MOST, _ENOUGH = 0.8, 2


@dataclass(frozen=True, slots=True)
class TeamChange:
    """What a route changes of a team or of who is in it."""

    inspection: Inspection
    effect: Effect
    table: Table


class TeamRoles:
    """Tells which of the project's changes of teams ask for a role."""

    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation

    @cached_property
    def _changes(self) -> dict[int, TeamChange]:
        found: dict[int, TeamChange] = {}
        for inspection in self._isolation.inspections():
            change = next(iter(self._of(inspection)), None)
            if change is not None:
                found[id(inspection)] = change
        return found

    def unasked(self, inspection: Inspection) -> tuple[TeamChange, Inspection] | None:
        """The change that a route makes without asking for a role, with a route that asks, as most do."""
        change = self._changes.get(id(inspection))
        if change is None or self._asks(inspection):
            return None
        others = [c.inspection for c in self._changes.values() if c.inspection is not inspection]
        strict = [other for other in others if self._asks(other)]
        if len(strict) < _ENOUGH or len(strict) < _MOST * len(others):
            return None
        return change, strict[0]

    def _asks(self, inspection: Inspection) -> bool:
        """Whether the route refuses by a role: a global one, or that of a membership."""
        if inspection.authentication.privileged:
            return True
        tests = (c.test for _, conditions in inspection.guards.log.endings for c in conditions)
        return any(
            self._is_role(inspection, node) for t in tests for leaf in leaves(t) for node in walk(leaf)
        )

    def _is_role(self, inspection: Inspection, node: Value) -> bool:
        if not (isinstance(node, Member) and PRIVILEGE.search(node.name)):
            return False
        query = inspection.guards.source(node.of)
        return query is not None and any(self._isolation.ownership.is_membership(t) for t in query.tables)

    def _of(self, inspection: Inspection) -> list[TeamChange]:
        """New, changed and deleted memberships of others, and changed or deleted teams."""
        ownership, guards = self._isolation.ownership, inspection.guards
        found: list[TeamChange] = []
        for effect in guards.log.effects:
            made = effect.value
            if effect.kind == "call" and isinstance(made, Instance) and ownership.is_membership(made.cls):
                table = ownership.table(made.cls)
                if table is not None and self._names_other(inspection, table, made):
                    found.append(TeamChange(inspection, effect, table))
        found += [
            TeamChange(inspection, access.query.effect, access.table)
            for access in inspection.accesses
            if access.writes and access.query.kind != "insert" and self._is_managed(inspection, access.query)
        ]
        return found

    def _names_other(self, inspection: Inspection, table: Table, made: Instance) -> bool:
        """Whether the membership is one of whom the client names, rather than the caller's own."""
        for name, value in made.arguments.keywords.items():
            column = table.of_attribute(name)
            target = None if column is None else self._isolation.ownership.target(table, column)
            if target is not None and self._isolation.ownership.is_user(target):
                return not inspection.guards.provenances.is_principal(plain(value))
        return False

    def _is_managed(self, inspection: Inspection, query: Query) -> bool:
        """Whether rows of a team, or memberships that the client names, are changed."""
        ownership = self._isolation.ownership
        tables = [t for value in query.tables if (t := ownership.table(value)) is not None]
        if any(ownership.is_team(table) for table in tables):
            return True
        keys = inspection.guards.rows.keys(query)
        return len(keys) > 1 and any(ownership.is_membership(value) for value in query.tables)
