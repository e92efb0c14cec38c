"""Any type as JSON Schema, as Pydantic writes it for validation and for serialisation."""

from __future__ import annotations

from collections.abc import Callable

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    External,
    Item,
    Parametrized,
    Sequence,
    Value,
)
from rules.project.annotations import called, generic_name
from rules.project.openapi.class_kinds import is_described_class, is_root_model
from rules.project.openapi.components import Components, Mode, TypeName
from rules.project.openapi.constraints import constrained, constraints_of
from rules.project.openapi.containers import container_schema
from rules.project.openapi.dialect import Dialect
from rules.project.openapi.enumerations import enum_schema, literal_schema
from rules.project.openapi.fields import DescribedField, described
from rules.project.openapi.generics import type_variable
from rules.project.openapi.json_values import UNKNOWN, Schema, by_default, unknown
from rules.project.openapi.metadata import Metadata, is_serialised
from rules.project.openapi.models import Models
from rules.project.openapi.scalar_types import scalar_schema
from rules.project.openapi.unions import union_schema
from rules.project.routing.framework import dotted, split
from rules.project.schema.column_types import is_enum

_MAX_DEPTH = 40
_UNIONS = frozenset({"Union", "UnionType", "Optional"})
_TRANSPARENT = frozenset({"Final", "Required", "NotRequired", "ReadOnly", "OnErrorOmit", "SkipValidation"})
_BINARY = frozenset({"bytes", "StrictBytes", "UploadFile"})
_CONSTRAINED = {
    "conint": "int", "confloat": "float", "constr": "str", "conbytes": "bytes", "condecimal": "Decimal",
    "condate": "date",
}  # fmt: skip


class TypeSchemas:
    """Makes the schemas of types; those that have a name go to the components."""

    def __init__(
        self, machine: Machine, components: Components, dialect: Dialect, *, separate: bool = True
    ) -> None:
        self.components = components
        self.dialect = dialect
        self.metadata = Metadata(machine, components)
        self.machine = machine
        self.models = Models(machine, self)
        self._depth = 0
        self._separate = separate

    def of(self, value: Value, mode: Mode) -> Schema:
        """The schema of a type; marked where the type or a part of it is not known."""
        if self._depth > _MAX_DEPTH:
            return unknown()
        self._depth += 1
        try:
            return self._of(by_default(value), mode)
        finally:
            self._depth -= 1

    def field(self, field: DescribedField, mode: Mode) -> Schema:
        """The schema of a field or parameter, but for a title made of its name."""
        schema = self.of(field.annotation, mode)
        schema = self.metadata.discriminate(schema, field.arguments.get("discriminator"))
        made = described(schema, field)
        if mode == "serialization" and "default" in made and is_serialised(field.annotation):
            return {**{key: part for key, part in made.items() if key != "default"}, UNKNOWN: True}
        return made

    def response(self, value: Value) -> Schema:
        """The schema of what is answered: its input's where the application does not tell the two apart."""
        whole = self._separate or (self.dialect.separates_modes and self.models.has_computed_fields(value))
        return self.of(value, "serialization" if whole else "validation")

    def _of(self, value: Value, mode: Mode) -> Schema:
        match value:
            case Const(value=None):
                return {"type": "null"}
            case _ if type_variable(value) is not None:
                return self._variable(value, mode)
            case External(name=name):
                return self._external(name, mode)
            case Parametrized():
                return self._parametrized(value, mode)
            case Item(of=External() as base, key=key) if key is not None:
                arguments = key.items if isinstance(key, Sequence) else [key]
                return self._parametrized(Parametrized(base, arguments), mode)
            case ClassValue():
                return self._class(value, [], mode)
            case Application():
                return self._application(value, mode)
            case _:
                return unknown()

    def _external(self, name: str, mode: Mode) -> Schema:
        if split(name)[1] in _BINARY:
            return self.dialect.binary
        found = scalar_schema(name, mode)
        if found is None:
            found = container_schema(split(name)[1], None, self._items(mode))
        return unknown() if found is None else found

    def _items(self, mode: Mode) -> Callable[[Value], Schema]:
        return lambda item: self.of(item, mode)

    def _variable(self, value: Value, mode: Mode) -> Schema:
        """A type parameter for which nothing was given: its bound, its constraints, or anything."""
        if not isinstance(value, Application):
            return {}
        bound = value.arguments.keywords.get("bound", value.arguments.keywords.get("default"))
        if bound is not None:
            return self.of(bound, mode)
        constraints = value.arguments.positional[1:]
        return union_schema([self.of(c, mode) for c in constraints]) if constraints else {}

    def _parametrized(self, value: Parametrized, mode: Mode) -> Schema:
        if isinstance(value.base, ClassValue):
            return self._class(value.base, value.arguments, mode)
        name = generic_name(value) or split(dotted(value.base))[1]
        if name in _UNIONS:
            missing: list[Value] = [Const(None)] if name == "Optional" else []
            return union_schema([self.of(member, mode) for member in [*value.arguments, *missing]])
        if name == "Annotated":
            return self._annotated(value, mode)
        if name == "Literal":
            return literal_schema(value)
        if name in _TRANSPARENT and value.arguments:
            return self.of(value.arguments[0], mode)
        if name == "Json" and value.arguments:
            inner = self.of(value.arguments[0], mode)
            text = {"type": "string", "contentMediaType": "application/json", "contentSchema": inner}
            return text if mode == "validation" else inner
        if is_root_model(value.base):
            return self.models.root(value, mode)
        found = container_schema(name, value.arguments, self._items(mode))
        return unknown() if found is None else found

    def _annotated(self, value: Parametrized, mode: Mode) -> Schema:
        schema = self.of(value.arguments[0], mode) if value.arguments else unknown()
        for item in value.arguments[1:]:
            schema = self.metadata.apply(schema, by_default(item), mode, self._items(mode))
        return schema

    def _class(self, cls: ClassValue, arguments: list[Value], mode: Mode) -> Schema:
        if is_enum(cls):
            name = TypeName(cls.module.dotted, cls.qualname)
            return self.components.reference(id(cls), name, mode, lambda: enum_schema(cls))
        if is_described_class(cls):
            return self.models.reference(cls, arguments, mode)
        return unknown()

    def _application(self, value: Application, mode: Mode) -> Schema:
        name = called(value)
        if name == "NewType":
            target = value.arguments.get(1, "tp")
        elif name == "TypeAliasType":
            target = value.arguments.get(1, "value")
        elif name in {"conlist", "conset", "confrozenset"}:
            kind = "list" if name == "conlist" else "set"
            item = value.arguments.get(0, "item_type")
            target = Parametrized(External(f"builtins.{kind}"), [] if item is None else [item])
        elif name in _CONSTRAINED:
            target = External(f"builtins.{_CONSTRAINED[name]}")
        else:
            return unknown()
        if target is None:
            return unknown()
        return constrained(self.of(target, mode), constraints_of(value.arguments.keywords))
