"""What is annotated to a type: constraints, validators and serialisers that change its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable

from rules.evaluation.attributes import find_in_class
from rules.evaluation.machine import Machine
from rules.evaluation.values import Application, Instance, Value
from rules.project.annotations import shape
from rules.project.openapi.components import Components, Mode
from rules.project.openapi.constraints import constrained, metadata_constraints
from rules.project.openapi.fields import DescribedField, described
from rules.project.openapi.json_values import UNKNOWN, Schema, json_value, text_value, unknown
from rules.project.openapi.unions import discriminated
from rules.project.routing.framework import library_classes, split
from rules.project.routing.signatures import Signatures

Of = Callable[[Value], Schema]
_VALIDATORS = frozenset({"BeforeValidator", "PlainValidator", "WrapValidator"})
_SERIALISERS = frozenset({"PlainSerializer", "WrapSerializer"})
_HOOKS = ("__get_pydantic_json_schema__", "__get_pydantic_core_schema__")


def is_serialised(annotation: Value) -> bool:
    """Whether a function serialises values of a type, and so its default, which then is not known."""
    items = [item for item in shape(annotation).metadata if isinstance(item, Application)]
    return any(split(name)[1] == "PlainSerializer" for item in items for name in library_classes(item))


class Metadata:
    """Applies what stands in `Annotated[…]` behind the type."""

    def __init__(self, machine: Machine, components: Components) -> None:
        self._signatures = Signatures(machine)
        self._components = components

    def apply(self, schema: Schema, item: Value, mode: Mode, of: Of) -> Schema:
        """The schema of the type so far with one more thing annotated to it."""
        if isinstance(item, Instance):
            hooked = any(find_in_class(item.cls, hook) is not None for hook in _HOOKS)
            return {**schema, UNKNOWN: True} if hooked else schema
        if not isinstance(item, Application):
            return schema
        name = next((split(found)[1] for found in library_classes(item)), "")
        if name == "Field":
            return self._field(schema, item)
        if name == "Discriminator":
            return self.discriminate(schema, item.arguments.get(0, "discriminator"))
        if name == "WithJsonSchema":
            return self._replaced(schema, item, mode)
        if name in _VALIDATORS and mode == "validation":
            return self._validated(schema, item, name, of)
        if name in _SERIALISERS and mode == "serialization":
            return self._serialised(schema, item, of)
        return constrained(schema, metadata_constraints(item))

    def discriminate(self, schema: Schema, discriminator: Value | None) -> Schema:
        """A union with the field that tells its members apart; one that a function tells apart has none."""
        name = text_value(discriminator)
        if name is None:
            return schema if discriminator is None else {**schema, UNKNOWN: True}
        return discriminated(schema, name, self._components)

    def _field(self, schema: Schema, item: Application) -> Schema:
        arguments = dict(item.arguments.keywords)
        schema = self.discriminate(schema, arguments.pop("discriminator", None))
        return described(schema, DescribedField("", item, arguments))

    def _replaced(self, schema: Schema, item: Application, mode: Mode) -> Schema:
        only = text_value(item.arguments.get(1, "mode"))
        found = json_value(item.arguments.get(0, "json_schema"))
        if only not in {None, mode}:
            return schema
        return dict(found) if isinstance(found, dict) else unknown()

    def _validated(self, schema: Schema, item: Application, name: str, of: Of) -> Schema:
        taken = item.arguments.keywords.get("json_schema_input_type")
        if taken is not None:
            return of(taken)
        return {} if name == "PlainValidator" else schema

    def _serialised(self, schema: Schema, item: Application, of: Of) -> Schema:
        returned = item.arguments.keywords.get("return_type")
        function = item.arguments.get(0, "func")
        if returned is None and function is not None:
            returned = self._signatures.returns(function)
        return schema if returned is None else of(returned)
