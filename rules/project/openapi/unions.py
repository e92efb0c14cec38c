"""Unions, nullable types and unions with a discriminator as JSON Schema."""

from __future__ import annotations

from rules.project.openapi.components import Components
from rules.project.openapi.json_values import UNKNOWN, Json, Schema

_NULL: Schema = {"type": "null"}


def union_schema(members: list[Schema]) -> Schema:
    """Any of the members, each once; members that are unions themselves are taken apart, null comes last."""
    flat: list[Schema] = []
    for member in members:
        parts = member["anyOf"] if set(member) == {"anyOf"} else [member]
        flat.extend(part for part in parts if part not in flat)
    if _NULL in flat:
        flat = [part for part in flat if part != _NULL] + [_NULL]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def discriminated(schema: Schema, name: str, components: Components) -> Schema:
    """A union whose members are told apart by the field `name`."""
    parts = schema.get("anyOf")
    if not isinstance(parts, list):
        return schema
    members = [part for part in parts if part != _NULL]
    if len(members) < 2:
        return schema
    mapping: dict[str, Json] = {}
    for member in members:
        for value in _values(components.definition(member), name):
            mapping[_key(value)] = member.get("$ref", member)
    found: Schema = {"oneOf": members, "discriminator": {"propertyName": name, "mapping": mapping}}
    if not mapping:
        found = {"oneOf": members, UNKNOWN: True}
    return {"anyOf": [found, _NULL]} if _NULL in parts else found


def _values(definition: Schema, name: str) -> list[Json]:
    declared = definition.get("properties", {}).get(name, {})
    return [declared["const"]] if "const" in declared else list(declared.get("enum", []))


def _key(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
