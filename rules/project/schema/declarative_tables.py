"""Tables of declaratively mapped SQLAlchemy classes, single-table inheritance included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue, Const
from rules.project.schema.class_arguments import class_arguments
from rules.project.schema.column_types import scalar
from rules.project.schema.columns import Column
from rules.project.schema.declarative_columns import declarative_class
from rules.project.schema.metadata_identity import metadata_of_class
from rules.project.schema.python_types import TypeVersions
from rules.project.schema.table_names import is_abstract, table_name
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


@dataclass(slots=True)
class DeclarativeTables:
    """The tables of a set of classes, and the classes whose table has a name that is not known."""

    tables: list[Table] = field(default_factory=list)
    unnamed: list[ClassValue] = field(default_factory=list)


def declarative_tables(
    machine: Machine, classes: list[ClassValue], versions: TypeVersions
) -> DeclarativeTables:
    """Map every class; one without a table name adds its columns to the table of its parent."""
    found = DeclarativeTables()
    mapped = {c.qualified for c in classes if not is_abstract(c) and _names_table(c)}
    heirs: list[ClassValue] = []
    for cls in classes:
        if is_abstract(cls) or "__table__" in cls.attributes:
            continue
        name = table_name(machine, cls, mapped)
        text = scalar(name)
        if name is None or (isinstance(name, Const) and text is None):
            heirs.append(cls)
        elif isinstance(text, str):
            found.tables.append(_table(machine, cls, text, mapped, versions))
        else:
            found.unnamed.append(cls)
    for cls in heirs:
        _inherit(machine, cls, mapped, found, versions)
    return found


def _names_table(cls: ClassValue) -> bool:
    return bool({"__tablename__", "__table__"} & cls.attributes.keys())


def _table(machine: Machine, cls: ClassValue, name: str, mapped: set[str], versions: TypeVersions) -> Table:
    inner = declarative_class(machine, cls, mapped, versions)
    arguments = class_arguments(machine, cls)
    columns: dict[str, Column] = {}
    for column in inner.columns:
        columns.setdefault(column.name, column)
    return Table(
        name=name,
        schema=arguments.schema,
        model=cls,
        qualified=cls.qualified,
        place=cls.module.source.place(cls.node),
        columns=columns,
        keys=tuple(arguments.keys),
        relationships=tuple(inner.relationships),
        complete=inner.complete and arguments.complete,
        is_view=arguments.is_view,
        metadata=metadata_of_class(cls),
        classes=(cls,),
    )


def _inherit(
    machine: Machine, cls: ClassValue, mapped: set[str], found: DeclarativeTables, versions: TypeVersions
) -> None:
    for base in cls.linearized()[1:]:
        table = next((t for t in found.tables if any(c is base for c in t.classes)), None)
        if table is None:
            continue
        inner = declarative_class(machine, cls, mapped, versions)
        for column in inner.columns:
            table.columns.setdefault(column.name, column)
        table.relationships = (*table.relationships, *inner.relationships)
        table.classes = (*table.classes, cls)
        table.complete = table.complete and inner.complete
        return
