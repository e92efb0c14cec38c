"""Table fields whose annotation says another nullability than their column has."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue, Const, FieldValue, Value
from rules.project.annotations import Shape, external_name
from rules.project.schema.column_calls import column_call, declared
from rules.project.schema.mapped_types import mapped_shape
from rules.project.schema.schemas import Schema, SchemaField, is_sqlmodel, schema_of

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.columns import Column
    from rules.project.schema.tables import Table


class Nullability(enum.Enum):
    """How annotation and column contradict each other."""

    NONE_DEFAULT = "a plain annotation with the default None"
    KEY_DEFAULT = "a plain annotation of a generated key with the default None"
    OPTIONAL_NOT_NULL = "an optional annotation of a NOT NULL column"
    PLAIN_NULLABLE = "a plain annotation of a nullable column"
    PLAIN_NULLABLE_BY_DEFAULT = "a plain annotation of a column that says nothing"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One column with its table."""

    what: Nullability
    table: Table
    column: Column


def contradictions(project: Project) -> Iterator[Contradiction]:
    """Every contradicting column of the class-based tables."""
    for table in project.tables:
        if not isinstance(table.model, ClassValue):
            continue
        schema = schema_of(project.machine, table.model) if is_sqlmodel(table.model) else None
        own = {base.qualified: base for base in table.model.linearized() if isinstance(base, ClassValue)}
        for column in table.columns.values():
            what = _of_mapped(project, own, column) if schema is None else _of_field(schema, column)
            if what is not None:
                yield Contradiction(what, table, column)


def _of_field(schema: Schema, column: Column) -> Nullability | None:
    field = schema.fields.get(column.attribute)
    if field is None or column.nullable is None or not _is_plain(field.shape):
        return None
    if _defaults_to_none(field) and not field.shape.optional:
        if column.primary_key:
            return Nullability.KEY_DEFAULT
        if not column.nullable and not column.server_default:
            return Nullability.NONE_DEFAULT
    if column.primary_key or _is_filled(field, column):
        return None
    return _contradiction(field.shape, column, explicit=_says_nullable(field))


def _defaults_to_none(field: SchemaField) -> bool:
    return "default_factory" not in field.arguments and is_none_constant(field.default)


def is_none_constant(value: Value | None) -> bool:
    """Whether a value is the literal None, not a setting that may be another one."""
    return isinstance(value, Const) and value.value is None and not value.configurable


def _is_plain(shape: Shape) -> bool:
    """Whether the annotation is known and none that allows everything."""
    return external_name(shape.base) not in {"Any", "object"} and not isinstance(shape.base, Const)


def _is_filled(field: SchemaField, column: Column) -> bool:
    """Whether an optional field of a NOT NULL column gets its value elsewhere."""
    if not field.shape.optional:
        return False
    call = column_call(field.arguments.get("sa_column"))
    inner = declared(call).default if call is not None else ""
    return column.server_default or bool(inner) or "default_factory" in field.arguments or _has_kwargs(field)


def _has_kwargs(field: SchemaField) -> bool:
    """Whether arguments are handed to the column that may give it a value."""
    return "sa_column_kwargs" in field.arguments


def _says_nullable(field: SchemaField) -> bool:
    if "nullable" in field.arguments:
        return True
    call = column_call(field.arguments.get("sa_column"))
    return call is not None and "nullable" in call.arguments.keywords


def _contradiction(shape: Shape, column: Column, *, explicit: bool) -> Nullability | None:
    if shape.optional and column.nullable is False:
        return Nullability.OPTIONAL_NOT_NULL
    if not shape.optional and column.nullable:
        return Nullability.PLAIN_NULLABLE if explicit else Nullability.PLAIN_NULLABLE_BY_DEFAULT
    return None


def _of_mapped(project: Project, own: dict[str, ClassValue], column: Column) -> Nullability | None:
    """`Mapped[T]` against an explicit `nullable`."""
    base = own.get(column.source)
    item = next((f for f in base.fields if f.name == column.attribute), None) if base is not None else None
    if base is None or item is None or item.annotation is None or column.primary_key:
        return None
    shape = mapped_shape(project.machine.annotation(item.annotation, base.scope))
    if shape is None or column.nullable is None or not _is_plain(shape) or not _is_explicit(item):
        return None
    if shape.optional and (column.server_default or column.default):
        return None
    return _contradiction(shape, column, explicit=True)


def _is_explicit(item: FieldValue) -> bool:
    call = column_call(item.value)
    return call is not None and "nullable" in call.arguments.keywords
