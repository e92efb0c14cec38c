"""The properties of one class: its fields with what decorated methods make of them, and computed fields."""

from __future__ import annotations

from typing import Protocol

from rules.evaluation.machine import Machine
from rules.evaluation.values import External, Value
from rules.project.openapi.components import Mode
from rules.project.openapi.fields import DescribedField, alias_of, described, titled
from rules.project.openapi.generics import substitute
from rules.project.openapi.json_values import Schema, json_value, text_value, unknown
from rules.project.openapi.model_config import ModelConfig
from rules.project.openapi.model_fields import (
    Method,
    ModelFields,
    fields_of_method,
    returned_type,
    without_markers,
)


class Types(Protocol):
    """What makes the schemas of the fields' types."""

    def of(self, value: Value, mode: Mode) -> Schema: ...
    def field(self, field: DescribedField, mode: Mode) -> Schema: ...


class FieldSchemas:
    """Makes the properties of one class."""

    def __init__(self, machine: Machine, types: Types, found: ModelFields, config: ModelConfig) -> None:
        self._machine = machine
        self._types = types
        self._found = found
        self._config = config

    def whole(self, mode: Mode) -> Schema | None:
        """What a `model_serializer` gives in place of the fields; None without one."""
        method = next((m for m in self._found.methods if m.decorator == "model_serializer"), None)
        if method is None or mode == "validation":
            return None
        returned = self._returned(method)
        if returned is None:
            return None if text_value(method.arguments.keywords.get("mode")) == "wrap" else {}
        return self._types.of(returned, mode)

    def object(self, mode: Mode, *, total: bool | None) -> Schema:
        """An object with all properties; `total` is that of a typed dict."""
        fields = self.properties(mode, total=total)
        schema: Schema = {"type": "object", "properties": {n: titled(s, n) for n, s, _ in fields}}
        required = [name for name, _, needed in fields if needed]
        return {**schema, "required": required} if required else schema

    def properties(self, mode: Mode, *, total: bool | None = None) -> list[tuple[str, Schema, bool]]:
        """The fields in order: name in JSON, schema, and whether it must be there."""
        found = [
            self._property(field, mode, total=total) for field in self._found.fields if _present(field, mode)
        ]
        return [*found, *self._computed()] if mode == "serialization" else found

    def _property(self, field: DescribedField, mode: Mode, *, total: bool | None) -> tuple[str, Schema, bool]:
        field, marked = without_markers(field)
        schema = self._overridden(field, mode)
        schema = self._types.field(field, mode) if schema is None else described(schema, field)
        if mode == "serialization" and self._is_serialised(field):
            schema = {key: part for key, part in schema.items() if key != "default"}
        required = field.required
        if total is not None:
            required = total if marked is None else marked
        elif mode == "serialization" and self._config.value("json_schema_serialization_defaults_required"):
            required = True
        return alias_of(field, mode, self._config.generated_alias(field.name, mode)), schema, required

    def _is_serialised(self, field: DescribedField) -> bool:
        """Whether a method serialises the field: Pydantic then leaves its default out."""
        methods = [m for m in self._found.methods if m.decorator == "field_serializer"]
        plain = [m for m in methods if text_value(m.arguments.keywords.get("mode")) != "wrap"]
        return any({field.name, "*"} & set(fields_of_method(method)) for method in plain)

    def _overridden(self, field: DescribedField, mode: Mode) -> Schema | None:
        """What a serialiser says it returns, or a validator that takes the place of the type's own."""
        schema: Schema | None = None
        for method in self._found.methods:
            if not {field.name, "*"} & set(fields_of_method(method)):
                continue
            if method.decorator == "field_serializer" and mode == "serialization":
                returned = self._returned(method)
                schema = None if returned is None else self._types.of(returned, mode)
            elif method.decorator == "field_validator" and mode == "validation":
                validated = self._validated(method)
                schema = schema if validated is None else validated
        return schema

    def _validated(self, method: Method) -> Schema | None:
        given = method.arguments.keywords
        kind, taken = text_value(given.get("mode")), given.get("json_schema_input_type")
        if taken is not None and kind in {"before", "plain", "wrap"}:
            return self._types.of(taken, "validation")
        return {} if kind == "plain" else None

    def _computed(self) -> list[tuple[str, Schema, bool]]:
        methods = [m for m in self._found.methods if m.decorator == "computed_field"]
        return [(self._computed_alias(m), self._computed_schema(m), True) for m in methods]

    def _computed_alias(self, method: Method) -> str:
        alias = text_value(method.arguments.keywords.get("alias"))
        return alias or self._config.generated_alias(method.name, "serialization") or method.name

    def _computed_schema(self, method: Method) -> Schema:
        returned = self._returned(method)
        schema = unknown() if returned is None else self._types.of(returned, "serialization")
        described_field = DescribedField(method.name, returned or External("typing.Any"), _described(method))
        return {**described(schema, described_field), "readOnly": True}

    def _returned(self, method: Method) -> Value | None:
        owner = method.function.owner
        environment = self._found.environments.get(id(owner), {}) if owner is not None else {}
        returned = returned_type(self._machine, method)
        return None if returned is None else substitute(returned, environment)


def _present(field: DescribedField, mode: Mode) -> bool:
    return mode == "validation" or json_value(field.arguments.get("exclude")) is not True


def _described(method: Method) -> dict[str, Value]:
    names = ("title", "description", "examples", "deprecated", "json_schema_extra")
    return {name: value for name, value in method.arguments.keywords.items() if name in names}
