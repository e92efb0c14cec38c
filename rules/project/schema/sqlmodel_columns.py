"""The columns SQLModel makes of a table model's fields (as `get_column_from_field` of sqlmodel does)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, Dictionary, Sequence, Value
from rules.project.annotations import Shape, external_name
from rules.project.schema.column_calls import (
    DeclaredColumn,
    column_call,
    declared,
    default_kind,
    foreign_key,
    take_keyword,
)
from rules.project.schema.column_types import column_type, scalar, whole
from rules.project.schema.columns import Column, ColumnType, ForeignKey
from rules.project.schema.python_types import TypeVersions, from_field
from rules.project.schema.schemas import SchemaField

if TYPE_CHECKING:
    from rules.evaluation.values import ClassValue


def column_of(field: SchemaField, versions: TypeVersions) -> Column:
    """The column of one field of a table model."""
    call = column_call(field.arguments.get("sa_column"))
    if call is not None:
        return _explicit(field, declared(call))
    found = _derived(field)
    _add_arguments(found, field.arguments)
    kind = found.type if found.typed else _field_type(field, versions)
    return _column(field, found, kind)


def _derived(field: SchemaField) -> DeclaredColumn:
    found = DeclaredColumn(default=_default(field))
    for name in ("primary_key", "unique", "index", "nullable"):
        if name in field.arguments:
            take_keyword(found, name, field.arguments[name])
    target = field.arguments.get("foreign_key")
    if target is not None and not (isinstance(target, Const) and target.value is None):
        ondelete = scalar(field.arguments.get("ondelete"))
        text = scalar(target)
        key = ForeignKey(str(text) if isinstance(text, str) else "", str(ondelete) if ondelete else None)
        found.foreign_keys = (key,)
    if found.nullable is None:
        found.nullable = field.shape.optional and not found.primary_key
    sa_type = field.arguments.get("sa_type")
    if sa_type is not None and external_name(sa_type) != "Undefined":
        found.type, found.typed = column_type(sa_type), True
    return found


def _add_arguments(found: DeclaredColumn, arguments: dict[str, Value]) -> None:
    extra = arguments.get("sa_column_args")
    for item in extra.items if isinstance(extra, Sequence) else ():
        if isinstance(item, Application) and external_name(item.function) == "ForeignKey":
            found.foreign_keys = (*found.foreign_keys, foreign_key(item))
    keywords = arguments.get("sa_column_kwargs")
    for key, value in keywords.items if isinstance(keywords, Dictionary) else ():
        if isinstance(key, Const) and isinstance(key.value, str):
            take_keyword(found, key.value, value)


def _default(field: SchemaField) -> str:
    if "default_factory" in field.arguments:
        return "factory"
    return "" if field.required else default_kind(field.default)


def _explicit(field: SchemaField, found: DeclaredColumn) -> Column:
    if found.nullable is None:
        found.nullable = not found.primary_key
    return _column(field, found, found.type)


def _column(field: SchemaField, found: DeclaredColumn, kind: ColumnType | None) -> Column:
    return Column(
        name=found.name or field.name,
        attribute=field.name,
        place=field.place,
        type=kind,
        nullable=None if "nullable" in found.unknown else found.nullable,
        primary_key=None if "primary_key" in found.unknown else bool(found.primary_key),
        unique=None if "unique" in found.unknown else bool(found.unique),
        index=None if "index" in found.unknown else bool(found.index),
        foreign_keys=found.foreign_keys,
        default=found.default,
        server_default=found.server_default,
        source=_source(field.declared_by),
    )


def _source(cls: ClassValue) -> str:
    return cls.qualified


def _field_type(field: SchemaField, versions: TypeVersions) -> ColumnType | None:
    constraints = field.constraints
    digits = whole(constraints.get("max_digits")), whole(constraints.get("decimal_places"))
    return from_field(
        _datetime_kind(field.shape),
        length=whole(constraints.get("max_length")),
        digits=digits,
        versions=versions,
    )


def _datetime_kind(shape: Shape) -> Value:
    marks = [m for m in shape.metadata if external_name(m) in {"NaiveDatetime", "AwareDatetime"}]
    return marks[-1] if marks else shape.base
