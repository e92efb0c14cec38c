"""What `Field(...)`, FastAPI's markers and annotated-types say about a value, as JSON Schema keywords."""

from __future__ import annotations

from collections.abc import Iterable

from rules.evaluation.values import Application, Value
from rules.project.openapi.json_values import Json, Schema, json_value
from rules.project.routing.framework import library_classes, split

_NUMBERS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "multiple_of": "multipleOf",
}
_TEXTS = {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"}
_ARRAYS = {"min_length": "minItems", "max_length": "maxItems"}
_OBJECTS = {"min_length": "minProperties", "max_length": "maxProperties"}
_KEYWORDS = {
    "string": _TEXTS,
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "array": _ARRAYS,
    "object": _OBJECTS,
    "boolean": {},
    "null": {},
}
_SPELLINGS = {"regex": "pattern", "min_items": "min_length", "max_items": "max_length"}
_NAMES = frozenset({*_NUMBERS, *_TEXTS, *_SPELLINGS})
_POSITIONAL: dict[str, tuple[str, ...]] = {
    "Gt": ("gt",), "Ge": ("ge",), "Lt": ("lt",), "Le": ("le",), "MultipleOf": ("multiple_of",),
    "MinLen": ("min_length",), "MaxLen": ("max_length",), "Len": ("min_length", "max_length"),
    "Interval": ("gt", "ge", "lt", "le"), "StringConstraints": (), "Field": (),
}  # fmt: skip


def constraints_of(arguments: dict[str, Value]) -> dict[str, Json]:
    """The constraints among keyword arguments, under Pydantic's names."""
    found = {_SPELLINGS.get(name, name): json_value(v) for name, v in arguments.items() if name in _NAMES}
    return {name: value for name, value in found.items() if value is not None}


def metadata_constraints(item: Value) -> dict[str, Json]:
    """The constraints of one object annotated to a type: `Ge(1)`, `Len(1, 9)`, `StringConstraints(…)`."""
    if not isinstance(item, Application):
        return {}
    for name in library_classes(item):
        positions = _POSITIONAL.get(split(name)[1])
        if positions is not None:
            given = dict(zip(positions, item.arguments.positional, strict=False))
            return constraints_of({**given, **item.arguments.keywords})
    return {}


def constrained(schema: Schema, constraints: dict[str, Json]) -> Schema:
    """A schema with constraints where Pydantic puts them: inside of nullable and decimal types."""
    if not constraints:
        return schema
    keywords = _KEYWORDS.get(str(schema.get("type")))
    if keywords is not None:
        return {**schema, **{keywords[n]: v for n, v in constraints.items() if n in keywords}}
    parts = schema.get("anyOf")
    if isinstance(parts, list) and _single(parts):
        return {**schema, "anyOf": [constrained(part, constraints) for part in parts]}
    if "$ref" in schema or not schema:
        return schema
    return {**schema, **{_raw(name): value for name, value in constraints.items()}}


def _single(parts: list[Schema]) -> bool:
    """Whether a union is one type beside null, or a decimal's two forms."""
    others: Iterable[Schema] = [part for part in parts if part != {"type": "null"}]
    types = [part.get("type") for part in others]
    return len(types) == 1 or types == ["number", "string"]


def _raw(name: str) -> str:
    return _TEXTS.get(name, name)
