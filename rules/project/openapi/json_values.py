"""Evaluated values as JSON, with a mark where something is not known."""

from __future__ import annotations

from typing import Any, TypeAlias

from rules.evaluation.values import Application, Choice, Const, Dictionary, Instance, Sequence, Value
from rules.project.annotations import called
from rules.project.routing.conditions import holds_by_default
from rules.project.routing.readings import status

Json: TypeAlias = Any
"""A JSON value: dicts, lists, texts, numbers, booleans and None."""
Schema: TypeAlias = dict[str, Json]
"""A JSON Schema, or any other object of an OpenAPI document."""

_TEXTUAL = frozenset({"Decimal", "UUID", "Path", "PurePath"})
UNKNOWN = "x-backend-architect-unknown"
"""The key, always with the value true, of an object of which a part could not be found out."""


def unknown() -> Schema:
    """An object of which nothing is known."""
    return {UNKNOWN: True}


def is_unknown(value: Json) -> bool:
    """Whether a value, or a part of it, is marked as not known."""
    if isinstance(value, dict):
        return UNKNOWN in value or any(is_unknown(part) for part in value.values())
    return isinstance(value, list) and any(is_unknown(part) for part in value)


def by_default(value: Value) -> Value:
    """What a choice is with the settings' defaults: the first alternative that may hold with them."""
    if not isinstance(value, Choice):
        return value
    holding = (a.value for a in value.alternatives if holds_by_default(a.conditions))
    return next(holding, value.alternatives[0].value)


def json_value(value: Value | None) -> Json:
    """A value as `jsonable_encoder` gives it; parts that are not known are `unknown()`."""
    value = by_default(value) if value is not None else None
    match value:
        case None | Const(value=None):
            return None
        case Const(value=bytes() as data):
            return data.decode("utf-8", "replace")
        case Const(value=scalar):
            return scalar
        case Instance(attributes=attributes) if "_value_" in attributes:
            return _member(value, attributes["_value_"])
        case Application():
            return _made(value)
        case Sequence(is_open=False, items=items):
            return [json_value(item) for item in items]
        case Dictionary(is_open=False, items=items):
            return {str(_key(k)): json_value(v) for k, v in items}
        case _:
            code = status(value)
            return unknown() if code is None else code


def _member(member: Instance, value: Value) -> Json:
    """A member's value; `auto()` gives the names of the members of a `StrEnum`, else numbers from 1."""
    if called(value, "enum") != "auto":
        return json_value(value)
    if any(name.endswith(".StrEnum") for name in member.cls.externals()):
        name = json_value(member.attributes["name"])
        return name.lower() if isinstance(name, str) else unknown()
    members = [f for f in member.cls.fields if isinstance(member.cls.attributes.get(f.name), Instance)]
    position = [f.name for f in members].index(str(json_value(member.attributes["name"])))
    before = members[position - 1] if position else None
    start = 0 if before is None else json_value(member.cls.attributes[before.name])
    return start + 1 if isinstance(start, int) else unknown()


def _made(value: Application) -> Json:
    """What a call of a library gives, for those that JSON holds as the text they were made of."""
    written = json_value(value.arguments.get(0, "value"))
    if called(value, "decimal", "uuid", "pathlib") in _TEXTUAL and isinstance(written, str | int | float):
        return str(written)
    code = status(value)
    return unknown() if code is None else code


def _key(value: Value) -> Json:
    found = json_value(value)
    return UNKNOWN if isinstance(found, dict | list) else found


def text_value(value: Value | None) -> str | None:
    """A value as a text; None where it is none or not known."""
    found = json_value(value)
    return found if isinstance(found, str) else None


def without_none(value: Json) -> Json:
    """A value as FastAPI writes its document: keys without a value are left out at every depth."""
    if isinstance(value, dict):
        return {key: without_none(part) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_none(part) for part in value]
    return value
