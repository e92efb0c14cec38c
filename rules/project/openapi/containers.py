"""Lists, sets, tuples and mappings as JSON Schema."""

from __future__ import annotations

from collections.abc import Callable

from rules.evaluation.values import Const, External, Value
from rules.project.openapi.json_values import Schema

Of = Callable[[Value], Schema]
"""Gives the schema of an item's type."""

_ARRAYS = frozenset(
    {
        "list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection", "deque", "Deque",
        "Generator", "AsyncIterable", "AsyncIterator", "conlist",
    }
)  # fmt: skip
_SETS = frozenset({"set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet", "conset"})
_TUPLES = frozenset({"tuple", "Tuple"})
_MAPPINGS = frozenset(
    {
        "dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "DefaultDict", "defaultdict", "Counter",
        "TypedDict",
    }
)  # fmt: skip


def container_schema(name: str, arguments: list[Value] | None, of: Of) -> Schema | None:
    """The schema of a container by the last segment of its name; None for other types.

    `arguments` are the types of what it holds, None where none are written.
    """
    if name in _ARRAYS:
        return {"type": "array", "items": of(arguments[0]) if arguments else {}}
    if name in _SETS:
        return {"type": "array", "uniqueItems": True, "items": of(arguments[0]) if arguments else {}}
    if name in _TUPLES:
        return _tuple(arguments, of)
    if name in _MAPPINGS:
        return _mapping(name, arguments, of)
    return None


def _tuple(arguments: list[Value] | None, of: Of) -> Schema:
    if arguments is None:
        return {"type": "array", "items": {}}
    if len(arguments) == 2 and _is_ellipsis(arguments[1]):
        return {"type": "array", "items": of(arguments[0])}
    items = [of(argument) for argument in arguments]
    described: Schema = {"type": "array", "prefixItems": items} if items else {"type": "array"}
    return {**described, "minItems": len(items), "maxItems": len(items)}


def _is_ellipsis(value: Value) -> bool:
    return (isinstance(value, External) and value.name.endswith("Ellipsis")) or (
        isinstance(value, Const) and value.value == "..."
    )


def _mapping(name: str, arguments: list[Value] | None, of: Of) -> Schema:
    schema: Schema = {"type": "object"}
    if name == "Counter":
        return {**schema, "additionalProperties": {"type": "integer"}}
    if arguments is None or len(arguments) != 2:
        return {**schema, "additionalProperties": True}
    keys, values = dict(of(arguments[0])), dict(of(arguments[1]))
    pattern = None if "$ref" in keys else keys.pop("pattern", None)
    for described in (keys, values):
        described.pop("title", None)
    if pattern is not None:
        schema["patternProperties"] = {pattern: values}
    else:
        schema["additionalProperties"] = values or True
    if "$ref" in keys or (keys.get("type") == "string" and len(keys) > 1):
        keys.pop("type", None)
        schema["propertyNames"] = keys
    return schema
