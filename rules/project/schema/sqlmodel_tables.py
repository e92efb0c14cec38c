"""Tables of SQLModel classes with `table=True`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue, External
from rules.project.schema.class_arguments import class_arguments
from rules.project.schema.column_types import scalar
from rules.project.schema.columns import Column
from rules.project.schema.library_columns import library_table
from rules.project.schema.metadata_identity import metadata_of_class
from rules.project.schema.python_types import TypeVersions
from rules.project.schema.relationships import Relationship, relationship, relationship_call
from rules.project.schema.schemas import Schema, is_sqlmodel, is_table_class, schema_of
from rules.project.schema.sqlmodel_columns import column_of
from rules.project.schema.table_names import table_name
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


def is_sqlmodel_table(cls: ClassValue) -> bool:
    """Whether SQLModel maps the class: it does not where a base is a table already."""
    if not is_sqlmodel(cls) or not is_table_class(cls):
        return False
    return not any(isinstance(b, ClassValue) and is_table_class(b) for b in cls.linearized()[1:])


def sqlmodel_table(machine: Machine, cls: ClassValue, versions: TypeVersions) -> Table | None:
    """The table of the class; None where its name could not be computed."""
    name = table_name(machine, cls, set())
    text = cls.node.name.lower() if name is None else scalar(name)
    if not isinstance(text, str):
        return None
    schema = schema_of(machine, cls)
    arguments = class_arguments(machine, cls)
    return Table(
        name=text,
        schema=arguments.schema,
        model=cls,
        qualified=cls.qualified,
        place=schema.place,
        columns=_columns(schema, versions),
        keys=tuple(arguments.keys),
        relationships=tuple(_relationships(machine, cls)),
        complete=schema.complete and arguments.complete and _knows_libraries(cls),
        is_view=arguments.is_view,
        metadata=metadata_of_class(cls),
        classes=(cls,),
    )


def _columns(schema: Schema, versions: TypeVersions) -> dict[str, Column]:
    columns = [column_of(field, versions) for field in schema.fields.values()]
    return {column.name: column for column in columns}


def _relationships(machine: Machine, cls: ClassValue) -> list[Relationship]:
    return [
        relationship(machine, base, item, call)
        for base in cls.linearized()
        if isinstance(base, ClassValue)
        for item in base.fields
        if (call := relationship_call(item.value)) is not None
    ]


def _knows_libraries(cls: ClassValue) -> bool:
    return all(library_table(b.name) is not None for b in cls.linearized() if isinstance(b, External))
