"""Compares two OpenAPI documents operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tools.accuracy.tally import Comparison, Counting

Document = dict[str, Any]
Operations = dict[tuple[str, str], Document]
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_UNKNOWN = "x-backend-architect-unknown"


def compare_documents(truth: Document, said: Document) -> Comparison:
    """Count the facts of operations that agree; all but the first are those of operations that both have."""
    counting = Counting()
    true, found = _operations(truth), _operations(said)
    counting.sets("operations", "document", true.keys(), found.keys())
    for key in sorted(true.keys() & found.keys()):
        subject = f"{key[0].upper()} {key[1]}"
        for fact, of in _FACTS.items():
            counting.sets(fact, subject, set(of(true[key])), set(of(found[key])))
    return counting.result()


def unknown_operations(document: Document) -> int:
    """How many operations have a part that is marked as not known."""
    return sum(_is_unknown(operation) for operation in _operations(document).values())


def _is_unknown(value: object) -> bool:
    if isinstance(value, dict):
        return _UNKNOWN in value or any(_is_unknown(part) for part in value.values())
    return isinstance(value, list) and any(_is_unknown(part) for part in value)


def _operations(document: Document) -> Operations:
    paths = document.get("paths", {})
    return {(m, path): o for path, item in paths.items() for m, o in item.items() if m in _METHODS}


def _parameters(operation: Document) -> Iterator[tuple[str, ...]]:
    for parameter in operation.get("parameters", ()):
        required = "required" if parameter.get("required") else "optional"
        yield parameter["in"], parameter["name"], required


def _types(operation: Document) -> Iterator[tuple[str, ...]]:
    for parameter in operation.get("parameters", ()):
        yield parameter["in"], parameter["name"], spelled(parameter.get("schema", {}))


def _bodies(operation: Document) -> Iterator[tuple[str, ...]]:
    body = operation.get("requestBody", {})
    for media_type, content in body.get("content", {}).items():
        yield media_type, spelled(content.get("schema", {})), "required" if body.get("required") else ""


def _statuses(operation: Document) -> Iterator[str]:
    yield from (status for status in operation.get("responses", {}) if not status.startswith("x-"))


def _responses(operation: Document) -> Iterator[tuple[str, ...]]:
    for status in _statuses(operation):
        for media_type, content in operation["responses"][status].get("content", {}).items():
            yield status, media_type, spelled(content.get("schema", content.get("itemSchema", {})))


def _security(operation: Document) -> Iterator[str]:
    for requirement in operation.get("security", ()):
        yield msgspec.json.encode(requirement, order="deterministic").decode()


def _identity(operation: Document) -> Iterator[str]:
    if "operationId" in operation:
        yield operation["operationId"]


def _tags(operation: Document) -> Iterator[str]:
    yield from operation.get("tags", ())


_FACTS = {
    "parameters": _parameters,
    "parameter types": _types,
    "bodies": _bodies,
    "statuses": _statuses,
    "responses": _responses,
    "security": _security,
    "operation ids": _identity,
    "tags": _tags,
}


def spelled(schema: Document) -> str:
    """A schema in a few words: the names of components, or types; nullable forms are all the same."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            members = [spelled(member) for member in schema[key] if member.get("type") != "null"]
            return " | ".join(dict.fromkeys(members))
    if schema.get("type") == "array":
        return f"list[{spelled(schema.get('items', {}))}]"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"dict[{spelled(schema['additionalProperties'])}]"
    return "?" if _UNKNOWN in schema else str(schema.get("type", "any"))
