"""Pydantic and SQLModel classes: their fields with what was inherited, constrained and excluded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    FieldValue,
    Value,
)
from rules.finding import Place
from rules.project.annotations import Shape, called, external_name, generic_name, shape

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine

FIELD_LIBRARIES = ("pydantic", "sqlmodel", "fastapi", "pydantic_settings")
SQL_ARGUMENTS = frozenset(
    {
        "primary_key", "foreign_key", "ondelete", "unique", "nullable", "index", "sa_type", "sa_column",
        "sa_column_args", "sa_column_kwargs",
    }
)  # fmt: skip
"""What SQLModel takes from the last `Field(...)` alone: one beside an annotated one replaces all of them."""
_CONSTRAINTS = (
    "gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "regex", "max_digits",
    "decimal_places", "min_items", "max_items", "strict",
)  # fmt: skip


@dataclass(slots=True)
class SchemaField:
    """One field of a model. `declared_by` annotates it, `arguments` are those of its `Field(...)`."""

    name: str
    shape: Shape
    annotation: Value
    place: Place
    declared_by: ClassValue
    default: Value | None = None
    arguments: dict[str, Value] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Whether a value must be given: no default, no factory, or an explicit `...`."""
        if "default_factory" in self.arguments:
            return False
        return self.default is None or external_name(self.default) == "Ellipsis"

    @property
    def excluded(self) -> bool:
        """Whether the field is left out of every serialisation."""
        value = self.arguments.get("exclude")
        return isinstance(value, Const) and value.value is True

    @property
    def alias(self) -> str | None:
        """The name of the field in JSON where it differs."""
        for key in ("alias", "validation_alias", "serialization_alias"):
            value = self.arguments.get(key)
            if isinstance(value, Const) and isinstance(value.value, str):
                return value.value
        return None

    @property
    def constraints(self) -> dict[str, Value]:
        """The bounds that `Field(...)` and annotated metadata put on the value."""
        found = {k: v for k, v in self.arguments.items() if k in _CONSTRAINTS}
        for item in self.shape.metadata:
            if isinstance(item, Application):
                found.update({k: v for k, v in item.arguments.keywords.items() if k in _CONSTRAINTS})
        if isinstance(self.shape.base, Application):
            keywords = self.shape.base.arguments.keywords
            found.update({k: v for k, v in keywords.items() if k in _CONSTRAINTS})
        return found


@dataclass(slots=True)
class Schema:
    """A model class. `is_table` where SQLModel maps it; `complete` where every base is known."""

    model: ClassValue
    place: Place
    fields: dict[str, SchemaField]
    is_table: bool
    complete: bool

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.model.qualname


def is_model(cls: ClassValue) -> bool:
    """Whether the class derives from Pydantic's or SQLModel's base."""
    return any(
        n.partition(".")[0] in FIELD_LIBRARIES
        and n.rpartition(".")[2] in {"BaseModel", "SQLModel", "RootModel", "GenericModel", "BaseSettings"}
        for n in cls.externals()
    )


def is_sqlmodel(cls: ClassValue) -> bool:
    """Whether the class derives from `SQLModel`."""
    return any(n.partition(".")[0] == "sqlmodel" and n.endswith(".SQLModel") for n in cls.externals())


def is_table_class(cls: ClassValue) -> bool:
    """Whether the class itself says `table=True`."""
    value = cls.keywords.get("table")
    return isinstance(value, Const) and value.value is True


def schema_of(machine: Machine, cls: ClassValue) -> Schema:
    """The fields of a model in Pydantic's order: those of the bases first, an override in its old place."""
    fields: dict[str, SchemaField] = {}
    for base in reversed([b for b in cls.linearized() if isinstance(b, ClassValue)]):
        for item in base.fields:
            if _is_field(item):
                found = _schema_field(machine, base, item)
                if found is not None:
                    fields[item.name] = found
            elif item.name in fields and item.annotation is None and item.value is not None:
                fields[item.name].default = item.value
    place = cls.module.source.place(cls.node)
    return Schema(cls, place, fields, is_table_class(cls), not cls.has_unknown_base())


def _is_field(item: FieldValue) -> bool:
    return item.annotation is not None and not item.name.startswith("_") and item.name != "model_config"


def _schema_field(machine: Machine, owner: ClassValue, item: FieldValue) -> SchemaField | None:
    if item.annotation is None or called(item.value) == "Relationship":
        return None
    annotation = machine.annotation(item.annotation, owner.scope)
    if "ClassVar" in (generic_name(annotation), external_name(annotation)):
        return None
    found = shape(annotation)
    arguments: dict[str, Value] = {}
    default: Value | None = None
    for source in [*found.metadata, item.value]:
        if isinstance(source, Application) and called(source, *FIELD_LIBRARIES) == "Field":
            arguments = {k: v for k, v in arguments.items() if k not in SQL_ARGUMENTS}
            arguments.update(source.arguments.keywords)
            first = source.arguments.get(0, "default")
            default = first if first is not None else default
        elif source is item.value and source is not None:
            default = source
    place = owner.module.source.place(item.node)
    return SchemaField(item.name, found, annotation, place, owner, default, arguments)


def classes_of(machine: Machine) -> Iterator[ClassValue]:
    """Every class at the top level of a module of the tree, once, in file and line order."""
    seen: set[int] = set()
    for path in sorted(machine.index.modules):
        module = machine.index.modules[path]
        for value in list(machine.scope(module).bindings.values()):
            if isinstance(value, ClassValue) and value.module is module and id(value) not in seen:
                seen.add(id(value))
                yield value


def schemas(machine: Machine) -> dict[str, Schema]:
    """All model classes of the tree by qualified name."""
    return {c.qualified: schema_of(machine, c) for c in classes_of(machine) if is_model(c)}
