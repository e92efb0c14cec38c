"""Reads OpenAPI 3.0 and 3.1 documents; what is incomplete or not clear in them becomes doubts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.specification.operations import ApiSpecification, Operation, operations, server_paths
from rules.specification.problem import Doubt, Unreadable
from rules.specification.references import resolve
from rules.specification.structured_text import Structured, read_structured
from rules.specification.values import Json

_OPEN_QUESTION = re.compile(
    r"\bTBD\b|\bTBC\b|\bTODO\b|\bFIXME\b|\?\?\?|\bto be (?:decided|defined|determined)\b"
    r"|NEEDS CLARIFICATION|\bfuture use\b|\bnot yet (?:decided|specified|defined)\b"
)
_PLACEHOLDER = re.compile(r"{([^{}]+)}")
_MAXIMUM_OPERATIONS = 5_000


def read_openapi(path: str, data: bytes) -> ApiSpecification:
    """The specification that a JSON or YAML file is. Raises Unreadable for what is none."""
    read = read_structured(path, data)
    document = read.value
    if not isinstance(document, dict):
        raise Unreadable("not an OpenAPI document")
    version = document.get("openapi")
    if "swagger" in document:
        raise Unreadable("Swagger 2.0 is not read; convert it to OpenAPI 3", read.line("swagger"))
    if not str(version).startswith("3.") or not isinstance(document.get("paths"), dict):
        raise Unreadable(f"OpenAPI {version} without paths, or of a version that is not read")
    found = tuple(operations(document, lambda at, method: read.line("paths", at, method)))
    if len(found) > _MAXIMUM_OPERATIONS:
        raise Unreadable(f"more than {_MAXIMUM_OPERATIONS} operations")
    reader = _Reader(path, read)
    return ApiSpecification(
        path=path,
        operations=tuple(o for o in found if not reader.is_open(o)),
        bases=server_paths(document),
        is_generated=_is_generated(document, found),
        knows_null=re.search(rb"""nullable|["'\s\[-]null\b""", data) is not None,
        doubts=tuple(reader.doubts(found)),
    )


def open_question(text: Json) -> str | None:
    """The words by which a text says that something is not decided."""
    found = _OPEN_QUESTION.search(text) if isinstance(text, str) else None
    return None if found is None else found.group()


@dataclass(frozen=True, slots=True)
class _Reader:
    path: str
    read: Structured

    def is_open(self, operation: Operation) -> bool:
        """Whether the specification itself says that an operation is not decided."""
        return any(open_question(operation.own.get(key)) for key in ("summary", "description"))

    def doubts(self, found: tuple[Operation, ...]) -> Iterator[Doubt]:
        seen: dict[tuple[str, str], Operation] = {}
        for operation in found:
            for message in self._of(operation):
                yield Doubt(self.path, operation.line, f"`{operation.title}` {message}")
            key = (operation.method, _PLACEHOLDER.sub("{}", operation.path).rstrip("/"))
            if key in seen and seen[key].path != operation.path:
                said = (
                    f"`{operation.title}` and `{seen[key].title}` are the same to a router; which one holds?"
                )
                yield Doubt(self.path, operation.line, said)
            seen.setdefault(key, operation)

    def _of(self, operation: Operation) -> Iterator[str]:
        for key in ("summary", "description"):
            words = open_question(operation.own.get(key))
            if words is not None:
                yield f"is not decided (`{words}`); until it is, the code is not held to it."
                return
        if not operation.own.get("responses"):
            yield "names no response; what should it answer?"
        declared = {name for place, name in operation.parameters if place == "path"}
        for name in _PLACEHOLDER.findall(operation.path):
            if declared and name not in declared:
                yield f"does not describe its path parameter `{name}`; of which type is it?"
        for reference in sorted(set(_lost(operation))):
            yield f"refers to `{reference}`, which is not in this document; what does it mean?"


def _lost(operation: Operation) -> Iterator[str]:
    """References of an operation that lead nowhere, as deep as its own text goes."""
    pending: list[Json] = [operation.own, *operation.shared]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str) and resolve(operation.document, value).value is None:
                yield value["$ref"]
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _is_generated(document: Json, found: tuple[Operation, ...]) -> bool:
    """Whether FastAPI wrote the document: its own validation error, or ids made of name, path and method."""
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if isinstance(schemas, dict) and "HTTPValidationError" in schemas:
        return True
    ids = [(o.own.get("operationId"), re.sub(r"\W", "_", f"{o.path}_{o.method}")) for o in found]
    made = sum(isinstance(given, str) and given.endswith(suffix) for given, suffix in ids)
    return bool(found) and made * 2 > len(found)
