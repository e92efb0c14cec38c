"""Models, root models, dataclasses, typed dicts and named tuples as JSON Schema."""

from __future__ import annotations

from typing import Protocol

from rules.evaluation.machine import Machine
from rules.evaluation.values import ClassValue, Dictionary, Parametrized, Value
from rules.project.openapi.class_kinds import (
    is_named_tuple,
    is_root_model,
    is_typed_dict,
    is_wholly_known,
)
from rules.project.openapi.components import Components, Mode, TypeName
from rules.project.openapi.field_schemas import FieldSchemas
from rules.project.openapi.fields import DescribedField, titled
from rules.project.openapi.generics import applied_name, substitute, type_identity
from rules.project.openapi.json_values import UNKNOWN, Schema, by_default, json_value, unknown
from rules.project.openapi.model_config import ModelConfig, model_config
from rules.project.openapi.model_fields import ModelFields, model_fields
from rules.project.routing.framework import base_classes, split
from rules.project.schema.schemas import schema_of


class Types(Protocol):
    """What makes the schemas of the fields' types."""

    components: Components

    def of(self, value: Value, mode: Mode) -> Schema: ...
    def field(self, field: DescribedField, mode: Mode) -> Schema: ...


class Models:
    """Makes the schemas of classes with fields; each is a component of the document."""

    def __init__(self, machine: Machine, types: Types) -> None:
        self._machine = machine
        self._types = types
        self._fields: dict[object, ModelFields] = {}

    def fields(self, cls: ClassValue, arguments: list[Value]) -> ModelFields:
        """What a class with these type arguments declares."""
        key = _identity(cls, arguments)
        if key not in self._fields:
            self._fields[key] = model_fields(self._machine, schema_of(self._machine, cls), arguments)
        return self._fields[key]

    def has_computed_fields(self, value: Value) -> bool:
        """Whether a model anywhere in a type has computed fields."""
        seen: set[object] = set()
        pending = [value]
        while pending:
            current = by_default(pending.pop())
            arguments = current.arguments if isinstance(current, Parametrized) else []
            pending += arguments
            cls = current.base if isinstance(current, Parametrized) else current
            if isinstance(cls, ClassValue) and _identity(cls, arguments) not in seen:
                seen.add(_identity(cls, arguments))
                found = self.fields(cls, arguments)
                if any(method.decorator == "computed_field" for method in found.methods):
                    return True
                pending += [field.annotation for field in found.fields]
        return False

    def reference(self, cls: ClassValue, arguments: list[Value], mode: Mode) -> Schema:
        """A reference to the definition of a class with these type arguments."""
        name = TypeName(cls.module.dotted, applied_name(cls.qualname, arguments, ","))
        return self._types.components.reference(
            _identity(cls, arguments), name, mode, lambda: self._definition(cls, arguments, mode)
        )

    def root(self, value: Parametrized, mode: Mode) -> Schema:
        """`RootModel[list[Item]]`, written where it is used."""
        return self._types.components.reference(
            type_identity(value),
            TypeName("pydantic.root_model", applied_name("RootModel", value.arguments, ",")),
            mode,
            lambda: {
                **self._types.of(value.arguments[0], mode),
                "title": applied_name("RootModel", value.arguments, ", "),
            },
        )

    def _definition(self, cls: ClassValue, arguments: list[Value], mode: Mode) -> Schema:
        found, config = self.fields(cls, arguments), model_config(self._machine, cls)
        making = FieldSchemas(self._machine, self._types, found, config)
        serialised = making.whole(mode)
        if serialised is not None:
            schema = serialised
        elif is_root_model(cls):
            schema = self._root(cls, found, mode)
        elif is_named_tuple(cls):
            schema = _tuple(making.properties(mode))
        else:
            schema = making.object(mode, total=_total(cls) if is_typed_dict(cls) else None)
        if not is_named_tuple(cls):
            title = applied_name(cls.qualname.rpartition(".")[2], arguments, ", ")
            schema = _configured({"title": title, **schema}, config)
        return schema if is_wholly_known(cls) else {**schema, UNKNOWN: True}

    def _root(self, cls: ClassValue, found: ModelFields, mode: Mode) -> Schema:
        """A subclass of `RootModel[…]`: the schema of its root."""
        declared = next((f for f in found.fields if f.name == "root"), None)
        if declared is not None:
            return self._types.of(declared.annotation, mode)
        for base in cls.linearized():
            for parent in base.bases if isinstance(base, ClassValue) else ():
                if isinstance(parent, Parametrized) and any(
                    split(name)[1] == "RootModel" for name in base_classes(parent)
                ):
                    environment = found.environments.get(id(base), {})
                    return self._types.of(substitute(parent.arguments[0], environment), mode)
        return unknown()


def _identity(cls: ClassValue, arguments: list[Value]) -> object:
    return (id(cls), *(type_identity(argument) for argument in arguments))


def _total(cls: ClassValue) -> bool:
    return json_value(cls.keywords.get("total")) is not False


def _tuple(fields: list[tuple[str, Schema, bool]]) -> Schema:
    items = [titled(schema, name) for name, schema, _ in fields]
    required = sum(needed for _, _, needed in fields)
    found: Schema = {"type": "array", "maxItems": len(items)}
    return {
        **found,
        **({"prefixItems": items} if items else {}),
        **({"minItems": required} if required else {}),
    }


def _configured(schema: Schema, config: ModelConfig) -> Schema:
    title, extra = config.value("title"), config.value("extra")
    found = {**schema, "title": title} if isinstance(title, str) else dict(schema)
    if extra in {"allow", "forbid"} and found.get("type") == "object":
        found.setdefault("additionalProperties", extra == "allow")
    more = (
        by_default(config.settings["json_schema_extra"]) if "json_schema_extra" in config.settings else None
    )
    if isinstance(more, Dictionary):
        return {**found, **json_value(more)}
    return {**found, UNKNOWN: True} if json_value(more) is not None else found
