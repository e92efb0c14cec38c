"""Collection of the tables of a tree: SQLModel classes, declarative classes, `Table(...)` calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rules.project.schema.core_tables import core_tables, map_imperatively
from rules.project.schema.declarative_tables import declarative_tables
from rules.project.schema.python_types import TypeVersions
from rules.project.schema.schemas import classes_of
from rules.project.schema.sqlmodel_tables import is_sqlmodel_table, sqlmodel_table
from rules.project.schema.table_links import link_tables
from rules.project.schema.table_names import is_base, is_declarative
from rules.project.schema.tables import Tables

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


def collect_tables(machine: Machine, versions: TypeVersions, counts: Callable[[str], bool]) -> Tables:
    """All tables of the modules whose path `counts`; keys between them are resolved."""
    found = Tables()
    classes = [c for c in classes_of(machine) if counts(c.module.path)]
    for cls in filter(is_sqlmodel_table, classes):
        table = sqlmodel_table(machine, cls, versions)
        if table is None:
            found.unnamed.append(cls)
        else:
            found.all.append(table)
    declared = declarative_tables(
        machine, [c for c in classes if is_declarative(c) and not is_base(c)], versions
    )
    found.all += declared.tables
    found.unnamed += declared.unnamed
    found.all += core_tables(machine, classes, counts)
    map_imperatively(machine, found.all)
    link_tables(found)
    return found
