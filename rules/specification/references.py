"""`$ref` in OpenAPI documents: those within the document lead somewhere, all others are not followed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from rules.specification.values import Json

_MAXIMUM_STEPS = 20


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a value is after its references; `name` is the last component that it came through.

    `value` is None where a reference leads out of the document, nowhere, or round in a circle.
    """

    value: Json
    name: str = ""


def resolve(document: Json, value: Json) -> Resolved:
    """Follow the references of a value; a value without one is itself."""
    name, seen = "", 0
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        reference = value["$ref"]
        seen += 1
        if not reference.startswith("#/") or seen > _MAXIMUM_STEPS:
            return Resolved(None, reference)
        target = _target(document, reference)
        if target is None:
            return Resolved(None, reference)
        name = reference.rpartition("/")[2]
        beside = {key: part for key, part in value.items() if key != "$ref"}
        value = {**target, **beside} if isinstance(target, dict) else target
    return Resolved(value, name)


def _target(document: Json, reference: str) -> Json:
    found = document
    for part in reference[2:].split("/"):
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found
