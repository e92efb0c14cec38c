"""`__table_args__` and the metadata's schema of a mapped class, inherited ones included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.evaluation.values import Application, ClassValue, FunctionValue, Value
from rules.project.annotations import called
from rules.project.schema.column_types import scalar
from rules.project.schema.declarative_columns import declared_attr_value
from rules.project.schema.mapped_types import linear_bases
from rules.project.schema.table_arguments import TableArguments, table_arguments

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


def class_arguments(machine: Machine, cls: ClassValue) -> TableArguments:
    """The table's constraints, indexes and options, with the schema of its metadata where it names none."""
    found = _own(machine, cls)
    found.schema = found.schema or _metadata_schema(cls)
    return found


def _own(machine: Machine, cls: ClassValue) -> TableArguments:
    for base in linear_bases(cls):
        value = base.attributes.get("__table_args__") if isinstance(base, ClassValue) else None
        if isinstance(value, FunctionValue):
            return table_arguments(declared_attr_value(machine, cls, value))
        if value is not None:
            return table_arguments(value)
    return TableArguments()


def _metadata_schema(cls: ClassValue) -> str | None:
    for base in linear_bases(cls):
        value: Value | None = None
        if isinstance(base, ClassValue):
            value = base.attributes.get("metadata")
        elif isinstance(base, Application):
            value = base.arguments.get(None, "metadata")
        if isinstance(value, Application):
            return metadata_schema(value)
    return None


def metadata_schema(value: Value | None) -> str | None:
    """The schema that `MetaData(schema=…)` gives to tables that name none."""
    if not isinstance(value, Application) or called(value) != "MetaData":
        return None
    schema = scalar(value.arguments.get(None, "schema"))
    return schema if isinstance(schema, str) else None
