"""The columns of a declaratively mapped SQLAlchemy class: its own and those of its mixins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import structs

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    External,
    FieldValue,
    FunctionValue,
    Origin,
    Value,
)
from rules.ir import nodes as ir
from rules.project.annotations import Shape, called, shape
from rules.project.schema.column_calls import DeclaredColumn, column_call, declared, default_kind
from rules.project.schema.columns import Column, ColumnType
from rules.project.schema.library_columns import library_columns
from rules.project.schema.mapped_types import linear_bases, mapped_shape, mapped_type
from rules.project.schema.python_types import TypeVersions, from_python
from rules.project.schema.relationships import Relationship, relationship, relationship_call

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


@dataclass(slots=True)
class DeclarativeClass:
    """What a class and its mixins declare, in the order they are found; `complete` where all is known.

    `nulled` are the names that `name = None` takes away: assigned columns of bases, not bare annotations.
    """

    columns: list[Column] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    complete: bool = True
    nulled: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What declarations are read with: the evaluator, the mapped class, the library versions."""

    machine: Machine
    cls: ClassValue
    versions: TypeVersions


def declarative_class(
    machine: Machine, cls: ClassValue, stop: set[str], versions: TypeVersions
) -> DeclarativeClass:
    """Collect what `cls` maps. Classes named in `stop` have a table of their own and are left out."""
    found = DeclarativeClass()
    reading = _Reading(machine, cls, versions)
    seen: set[str] = set()
    for base in linear_bases(cls):
        if isinstance(base, ClassValue):
            if base is cls or base.qualified not in stop:
                _own(reading, base, found, seen)
        elif isinstance(base, External):
            columns = library_columns(base.name, cls.module.source.place(cls.node))
            found.complete = found.complete and columns is not None
            found.columns += [c for c in columns or () if c.name not in seen]
        elif called(base) not in {"declarative_base", "generate_base", "as_declarative"}:
            found.complete = False
    return found


def _own(reading: _Reading, base: ClassValue, found: DeclarativeClass, seen: set[str]) -> None:
    for item in _attributes(reading, base):
        bare = item.annotation is not None and item.value is None
        if item.name.startswith("__") or (item.name in seen and not (bare and item.name in found.nulled)):
            continue
        link = relationship_call(item.value)
        if link is not None:
            seen.add(item.name)
            found.relationships.append(relationship(reading.machine, base, item, link))
            continue
        columns = _columns(reading, base, item)
        found.columns += columns
        if columns or item.value is not None:
            seen.add(item.name)
        if isinstance(item.value, Const) and item.value.value is None:
            found.nulled.add(item.name)


def _attributes(reading: _Reading, base: ClassValue) -> Iterator[FieldValue]:
    yield from base.fields
    for name, value in list(base.attributes.items()):
        if isinstance(value, FunctionValue) and is_declared_attr(value) and not name.startswith("__"):
            returns = value.node.returns if isinstance(value.node, ir.Function) else None
            yield FieldValue(
                name, returns, declared_attr_value(reading.machine, reading.cls, value), value.node
            )


def is_declared_attr(value: FunctionValue) -> bool:
    """Whether `@declared_attr` or one of its variants decorates the function."""
    names = [d.decorator.name for d in value.decorations if isinstance(d.decorator, External)]
    return any("declared_attr" in n.split(".") for n in names)


def declared_attr_value(machine: Machine, cls: ClassValue, value: FunctionValue) -> Value | None:
    """What a `declared_attr` gives for `cls`."""
    bound = structs.replace(value, bound=cls, kind="function")
    return machine.trace(bound, Arguments(), Origin(value.module, value.node)).value


def _columns(reading: _Reading, base: ClassValue, item: FieldValue) -> list[Column]:
    call = column_call(item.value)
    annotation = None if item.annotation is None else reading.machine.annotation(item.annotation, base.scope)
    mapped = None if annotation is None else mapped_shape(annotation)
    if called(item.value) == "composite" and isinstance(item.value, Application):
        return list(_composite(reading, base, item, item.value, mapped))
    if call is None and (mapped is None or _is_no_column(reading, mapped, item)):
        return []
    explicit = DeclaredColumn() if call is None else declared(call)
    if call is None:
        explicit.default = default_kind(item.value)
    for mark in reversed(mapped.metadata if mapped is not None else []):
        inner = column_call(mark)
        if inner is not None:
            explicit = explicit.over(declared(inner))
    kind = explicit.type
    if mapped is not None and annotation is not None and not explicit.typed and not explicit.foreign_keys:
        kind = mapped_type(reading.cls, annotation, mapped, reading.versions)
    return [_built(base, item, explicit, mapped, kind)]


def _is_no_column(reading: _Reading, mapped: Shape, item: FieldValue) -> bool:
    if item.value is None:
        return isinstance(mapped.base, ClassValue) and from_python(mapped.base, reading.versions) is None
    return isinstance(item.value, Application)


def _composite(
    reading: _Reading, base: ClassValue, item: FieldValue, call: Application, mapped: Shape | None
) -> Iterator[Column]:
    """The columns of a composite value take their types from the fields of its class, in order."""
    owner = call.arguments.get(0, "_class_or_attr")
    if not isinstance(owner, ClassValue) and mapped is not None:
        owner = mapped.base
    parts = _parts(reading, owner) if isinstance(owner, ClassValue) else []
    columns = [declared(c) for c in map(column_call, call.arguments.positional) if c is not None]
    for position, found in enumerate(columns):
        name, own = parts[position] if position < len(parts) else (item.name, None)
        found.name = found.name or name
        kind = found.type if found.typed or own is None else from_python(own.base, reading.versions)
        yield _built(base, item, found, own, kind)


def _parts(reading: _Reading, owner: ClassValue) -> list[tuple[str, Shape]]:
    return [
        (f.name, shape(reading.machine.annotation(f.annotation, owner.scope)))
        for f in owner.fields
        if f.annotation is not None
    ]


def _built(
    base: ClassValue, item: FieldValue, found: DeclaredColumn, mapped: Shape | None, kind: ColumnType | None
) -> Column:
    nullable = found.nullable
    if nullable is None:
        nullable = not found.primary_key and (mapped is None or mapped.optional)
    return Column(
        name=found.name or item.name,
        attribute=item.name,
        place=base.module.source.place(item.node),
        type=kind,
        nullable=None if "nullable" in found.unknown else nullable,
        primary_key=None if "primary_key" in found.unknown else bool(found.primary_key),
        unique=None if "unique" in found.unknown else bool(found.unique),
        index=None if "index" in found.unknown else bool(found.index),
        foreign_keys=found.foreign_keys,
        default=found.default,
        server_default=found.server_default,
        source=base.qualified,
    )
