"""What the migrations create and no model has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.project.migrations.history import History
from rules.project.migrations.replayed import ReplayedTable
from rules.project.schema.columns import Column
from rules.project.schema.drift import Pair

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.tables import Table

_NOT_MODELLED = frozenset({"alembic_version", "spatial_ref_sys", "apscheduler_jobs", "casbin_rule"})
"""Tables that libraries create for themselves."""


@dataclass(frozen=True, slots=True)
class ExtraColumn:
    """A migrated column that no model of its table declares; `renamed` a like one that only the model has."""

    pair: Pair
    column: Column
    renamed: Column | None


@dataclass(frozen=True, slots=True)
class ExtraTable:
    """A migrated table that no model maps; `certain` where all models of the environment are known."""

    history: History
    table: ReplayedTable
    certain: bool


def extra_columns(project: Project) -> Iterator[ExtraColumn]:
    """The columns that only the migrations know, of tables whose models are known in full."""
    by_migrated: dict[int, list[Pair]] = {}
    for pair in project.drift:
        if pair.migrated is not None:
            by_migrated.setdefault(id(pair.migrated), []).append(pair)
    for same in by_migrated.values():
        if all(pair.table.complete for pair in same):
            yield from _extra(same)


def _extra(same: list[Pair]) -> Iterator[ExtraColumn]:
    declared = {name for pair in same for name in pair.table.columns}
    first = same[0]
    missing = [c for pair in same for c in pair.missing_columns()]
    for name, column in (first.migrated.columns if first.migrated is not None else {}).items():
        if name not in declared:
            yield ExtraColumn(first, column, missing[0] if len(missing) == 1 else None)


def extra_tables(project: Project) -> Iterator[ExtraTable]:
    """The tables that only the migrations know."""
    named = {key for table in project.tables for key in _keys(table)}
    for history in project.migrations:
        if history.is_opaque or not len(project.tables):
            continue
        for key, table in history.replay.schema.tables.items():
            if key in named or key in _NOT_MODELLED or history.replay.schema.is_unknown(key):
                continue
            yield ExtraTable(history, table, _all_models_are_known(project, history))


def _keys(table: Table) -> tuple[str, ...]:
    return (table.key, table.name) if table.schema == "public" else (table.key,)


def _all_models_are_known(project: Project, history: History) -> bool:
    """Whether the environment's metadata is known and nothing that could not be read may be mapped."""
    if history.metadata is None or history.filtered or project.tables.unnamed:
        return False
    return not any(project.files[path].problem for path in history.reached if path in project.files)
