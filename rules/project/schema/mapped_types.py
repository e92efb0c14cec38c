"""What stands inside `Mapped[...]`, and the column type that SQLAlchemy derives from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.evaluation.values import Application, ClassValue, Const, Dictionary, Parametrized, Value
from rules.project.annotations import Shape, called, generic_name, same_type, shape
from rules.project.schema.column_calls import column_call
from rules.project.schema.column_types import column_type
from rules.project.schema.columns import ColumnType
from rules.project.schema.python_types import TypeVersions, from_python


def mapped_shape(annotation: Value) -> Shape | None:
    """The shape inside `Mapped[...]`; None for every other annotation."""
    if not isinstance(annotation, Parametrized) or generic_name(annotation) != "Mapped":
        return None
    if not annotation.arguments:
        return None
    found = shape(annotation.arguments[0])
    if called(found.base) in {"NewType", "TypeAliasType"} and isinstance(found.base, Application):
        inner = found.base.arguments.get(1, "tp")
        return found if inner is None else replace(found, base=shape(inner).base)
    return found


def mapped_type(
    cls: ClassValue, annotation: Value, mapped: Shape, versions: TypeVersions
) -> ColumnType | None:
    """The type by annotated metadata, by the nearest `type_annotation_map`, else by SQLAlchemy's own map."""
    for mark in mapped.metadata:
        if column_call(mark) is None and (kind := column_type(mark)) is not None:
            return kind
    candidates = [*_layers(annotation), mapped.base]
    for mapping in type_maps(cls):
        for candidate in candidates:
            for key, value in mapping.items:
                if same_type(key, candidate):
                    return column_type(value)
    return from_python(mapped.base, versions)


def _layers(annotation: Value) -> Iterator[Value]:
    """`Mapped[Optional[Annotated[str, 50]]]` from the outside in: each layer may be a key of the type map."""
    value = annotation
    for _ in range(8):
        if not isinstance(value, Parametrized) or not value.arguments:
            return
        inner = [a for a in value.arguments if not isinstance(a, Const) or a.value is not None]
        value = inner[0] if inner else value.arguments[0]
        yield value


def linear_bases(cls: ClassValue) -> list[Value]:
    """The class and its bases, with those that `declarative_base(cls=…)` brings in."""
    found: list[Value] = []
    for base in cls.linearized():
        found.append(base)
        if isinstance(base, Application):
            inner = base.arguments.get(None, "cls")
            found += inner.linearized() if isinstance(inner, ClassValue) else []
    return found


def type_maps(cls: ClassValue) -> Iterator[Dictionary]:
    """Each `type_annotation_map` that holds for the class, nearest first."""
    for base in linear_bases(cls):
        if isinstance(base, ClassValue):
            own = base.attributes.get("type_annotation_map")
            if isinstance(own, Dictionary):
                yield own
            yield from _map_of(base.attributes.get("registry"))
        else:
            yield from _map_of(base)


def _map_of(value: Value | None) -> Iterator[Dictionary]:
    if isinstance(value, Application):
        given = value.arguments.get(None, "type_annotation_map")
        if isinstance(given, Dictionary):
            yield given
