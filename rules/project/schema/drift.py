"""Model tables side by side with the tables that the migrations leave, as far as both are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.project.migrations.history import History
from rules.project.migrations.replayed import ReplayedTable, Step
from rules.project.schema.columns import Column
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleInfo
    from rules.project.project import Project


@dataclass(frozen=True, slots=True)
class Pair:
    """A model's table with its migrated one; `migrated` is None where no migration creates it.

    `certain` is False where something that could not be read may have changed the table, or where it is not
    known that these migrations are meant to create it.
    """

    table: Table
    history: History
    migrated: ReplayedTable | None
    certain: bool

    def missing_columns(self) -> list[Column]:
        """The model's columns that the migrated table does not have."""
        if self.migrated is None:
            return []
        return [c for name, c in self.table.columns.items() if name not in self.migrated.columns]

    def last_drop(self, column: str) -> Step | None:
        """The step that dropped or renamed the column away, if one did."""
        marks = (f".{column}`",)
        steps = self.migrated.steps if self.migrated is not None else []
        return next(
            (s for s in reversed(steps) if s.note.startswith("drops") and s.note.endswith(marks)), None
        )


def pairs(project: Project) -> Iterator[Pair]:
    """Each model table that some environment is answerable for, unless its shape there is not known."""
    creates = _creates_tables_itself(project)
    owners = [(table, history) for table in project.tables if (history := project.migrations.of(table))]
    migrated_homes = {(id(h), _home(t)) for t, h in owners if h.find(t) is not None}
    for table, history in owners:
        if table.is_view or history.is_unknown(table):
            continue
        migrated = history.find(table)
        reached = table.place.path in history.reached
        if migrated is not None:
            yield Pair(table, history, migrated, certain=not history.is_opaque)
            continue
        neighbour = (id(history), _home(table)) in migrated_homes
        if _knows_all_tables(history) and history.migrates(table) and (reached or neighbour):
            certain = reached and not history.filtered and not creates(table)
            yield Pair(table, history, None, certain=certain)


def _knows_all_tables(history: History) -> bool:
    return not history.is_opaque and not history.starts_elsewhere


def _home(table: Table) -> tuple[str, str]:
    """The import root and top package of a model: neighbours of migrated tables are meant to be migrated."""
    return table.root, _package(table)


def _package(table: Table) -> str:
    return table.qualified.partition(".")[0]


def _creates_tables_itself(project: Project) -> Callable[[Table], bool]:
    """Whether the application also calls `create_all`, so that a missing table appears at its start."""
    folders = [
        _top(m)
        for m in project.index.modules.values()
        if b".create_all" in m.source.data and _is_application(m)
    ]
    return lambda table: any(table.place.path.startswith(folder) for folder in folders)


def _is_application(module: ModuleInfo) -> bool:
    return not any(part.startswith("test") or part == "conftest.py" for part in module.path.split("/"))


def _top(module: ModuleInfo) -> str:
    depth = module.dotted.count(".") + (1 if not module.is_package else 0)
    parts = module.path.split("/")
    return "".join(f"{part}/" for part in parts[: len(parts) - max(depth, 1)])
