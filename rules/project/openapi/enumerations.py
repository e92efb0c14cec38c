"""Enumerations and literals as JSON Schema."""

from __future__ import annotations

from rules.evaluation.values import ClassValue, Instance, Parametrized
from rules.project.openapi.json_values import UNKNOWN, Json, Schema, json_value

_TYPES: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array"}


def enum_schema(cls: ClassValue) -> Schema:
    """The schema of an enumeration: its members' values in order, each once."""
    values: list[Json] = []
    known = True
    for declared in cls.fields:
        member = cls.attributes.get(declared.name)
        if isinstance(member, Instance) and "_value_" in member.attributes:
            value = json_value(member)
            known = known and not isinstance(value, dict)
            if value not in values:
                values.append(value)
    schema: Schema = {"title": cls.qualname.rpartition(".")[2], "enum": values, **_typed(values)}
    return schema if known and values else {"title": schema["title"], UNKNOWN: True}


def literal_schema(value: Parametrized) -> Schema:
    """`Literal["a", "b"]`; a single value is a constant."""
    values: list[Json] = []
    pending = list(value.arguments)
    while pending:
        argument = pending.pop(0)
        if isinstance(argument, Parametrized):
            pending[:0] = argument.arguments
        elif (type(found := json_value(argument)), found) not in [(type(v), v) for v in values]:
            values.append(found)
    if any(isinstance(found, dict) for found in values):
        return {UNKNOWN: True}
    if values == [None]:
        return {"type": "null"}
    return {**({"const": values[0]} if len(values) == 1 else {"enum": values}), **_typed(values)}


def _typed(values: list[Json]) -> Schema:
    types = {type(value) for value in values}
    return {"type": _TYPES[types.pop()]} if len(types) == 1 and next(iter(types)) in _TYPES else {}
