"""Isolation that costs speed: lists that are held to an owner by a column without an index, or by joins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Question
from rules.project.isolation.authentication import Level
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.ownership import Owned, Ownership
from rules.project.relations.unindexed_keys import indexes_keys_itself, leading_columns
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.project.project import Project

KIND = "isolation-cost"
_MANY_JOINS = 2
_MAX_DEPTH = 5


def isolation_costs(project: Project) -> Iterator[Question]:
    """One question for each owned table of which authenticated routes give lists."""
    ownership = project.isolation.ownership
    led: dict[int, frozenset[str]] | None = None
    asked: set[int] = set()
    for inspection in project.isolation.inspections():
        for table in _listed(inspection):
            if id(table) in asked:
                continue
            asked.add(id(table))
            led = leading_columns(project) if led is None else led
            yield from _of_table(project, table, ownership, led.get(id(table), frozenset()), inspection)


def _listed(inspection: Inspection) -> Iterator[Table]:
    if inspection.authentication.privileged or inspection.authentication.level is not Level.REQUIRED:
        return
    for access in inspection.accesses:
        if access.query.kind in {"rows", "count"}:
            yield access.table


def _of_table(
    project: Project, table: Table, ownership: Ownership, led: frozenset[str], inspection: Inspection
) -> Iterator[Question]:
    owned = _nearest(table, ownership)
    if owned is None or not table.complete:
        return
    title, model = inspection.route.title, table.model_name
    joins = _joins(owned, ownership, 0)
    column = owned.column
    if joins >= _MANY_JOINS:
        said = (
            f"rows of `{model}` belong to a user only through {joins} other tables: `{title}` and every list "
            "like it must join them all; is that fast enough, or should the table name its owner itself?"
        )
    elif column.name not in led and column.attribute not in led and _is_told(project, owned):
        said = (
            f"holding lists of `{model}` to their owner (`{title}`) filters by `{column.name}`, which no "
            "index leads with: every list reads the whole table; may it have an index, or is it small?"
        )
    else:
        return
    yield Question(KIND, column.place.path, column.place.line, f"{said[0].upper()}{said[1:]}")


def _nearest(table: Table, ownership: Ownership) -> Owned | None:
    paths = [owned for owned in ownership.paths(table) if not owned.audit]
    return min(paths, key=lambda owned: _joins(owned, ownership, 0), default=None)


def _joins(owned: Owned, ownership: Ownership, depth: int) -> int:
    """How many other tables lie between the rows and the owner's key."""
    if owned.parent is None or depth > _MAX_DEPTH:
        return 0
    nearest = [p for p in ownership.paths(owned.parent) if not p.audit]
    return 1 + min((_joins(p, ownership, depth + 1) for p in nearest), default=0)


def _is_told(project: Project, owned: Owned) -> bool:
    """Whether an index is surely missing: primary and unique columns have one, foreign keys of MySQL too."""
    column = owned.column
    if column.primary_key or column.unique or column.index is not False:
        return False
    return not (any(key.target for key in column.foreign_keys) and indexes_keys_itself(project))
