"""What the text below an endpoint's heading, or its row in a table, says of it, as an OpenAPI operation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from rules.specification.markdown_blocks import Block
from rules.specification.markdown_fields import described_fields
from rules.specification.values import UNSTATED, Json

_LABEL = re.compile(
    r"^(?P<label>[A-Za-z][\w /()-]{1,40}?)\s*(?P<colon>:)?\s*(?P<rest>(?<=:)\s*.*|(?<=: ).*|)$"
)
_KNOWN = re.compile(
    r"\b(?:request|body|payload|query|responses?|returns?|status|success|errors?|auth\w*|headers?|description"
    r"|path|parameters|notes?|examples?|validation)\b",
    re.IGNORECASE,
)
_GOOD = re.compile(r"\b(?P<status>2\d\d|30[1278])\b")
_STATUS_LABEL = re.compile(r"\bresponses?\b|\breturns?\b|\bstatus(?:es)?\b|\bsuccess\b", re.IGNORECASE)
_AUTH_LABEL = re.compile(r"^auth(?:entication|orization|n|z)?(?: required)?$", re.IGNORECASE)
_PUBLIC = re.compile(
    r"^(?:no|none|public|not required|false|❌|✗|-|—|anonymous|n/a)\b|^[❌✗—-]$", re.IGNORECASE
)
_SECURED = re.compile(
    r"required|\byes\b|bearer|jwt|token|api[ -]?key|✅|✓|🔒|\btrue\b|admin|\buser\b", re.IGNORECASE
)


def described(found: list[Block], row: Block | None) -> dict[str, Json]:
    """The operation, as far as it is told."""
    operation: dict[str, Json] = {}
    if row is not None:
        security = _security(row.cell("auth", "auth?", "authentication", "auth required", "authorization"))
        statuses = set(_GOOD.findall(row.cell("status", "status code", "success", "response", "returns")))
    else:
        sections = list(_sections(found))
        security = next(
            (s for label, told, _ in sections if (s := _labelled_security(label, told)) is not None), None
        )
        statuses = {s for label, told, inner in sections for s in _statuses(label, told, inner)}
        parameters = [
            _parameter(f) for label, _, inner in sections if "query" in label for f in described_fields(inner)
        ]
        bodies = [inner for label, told, inner in sections if _is_json_body(label, told)]
        operation |= {"parameters": parameters} if parameters else {}
        body = next((b for inner in bodies if (b := _body(inner))), None)
        operation |= {"requestBody": {"content": {"application/json": {"schema": body}}}} if body else {}
    operation["responses"] = {status: {} for status in sorted(statuses)}
    return operation | ({} if security is None else {"security": security})


def _sections(found: Iterable[Block]) -> Iterator[tuple[str, str, list[Block]]]:
    """The text in sections: label in lower case, what stands beside the label, the blocks below it."""
    label, told, inner = "", "", list[Block]()
    for block in found:
        marked = _LABEL.fullmatch(block.text) if block.kind in {"heading", "text", "item"} else None
        if (
            marked is None
            or not _KNOWN.search(marked["label"])
            or (block.kind == "item" and not marked["colon"])
        ):
            inner.append(block)
            continue
        yield label, told, inner
        label, told, inner = marked["label"].lower(), marked["rest"].strip(), []
    yield label, told, inner


def _is_json_body(label: str, told: str) -> bool:
    named = re.search(r"\b(?:request body|request|body|payload)\b", label) is not None
    return named and not re.search(r"\bform\b|multipart|\bnone\b|\bempty\b", f"{label} {told}".lower())


def _security(told: str) -> list[Json] | None:
    if not told.strip():
        return None
    if _PUBLIC.search(told.strip()):
        return []
    return [{"credentials": []}] if _SECURED.search(told) else None


def _labelled_security(label: str, told: str) -> list[Json] | None:
    return _security(told) if _AUTH_LABEL.match(label) else None


def _statuses(label: str, told: str, inner: list[Block]) -> Iterator[str]:
    if not _STATUS_LABEL.search(label):
        return
    yield from _GOOD.findall(f"{label} {told}")
    for block in inner:
        if block.kind == "item":
            yield from _GOOD.findall(block.text[:40])
        elif block.kind == "row":
            yield from _GOOD.findall(block.cell("status", "status code", "code", "http status"))


def _parameter(described_field: tuple[str, dict[str, Json], bool | None]) -> dict[str, Json]:
    name, schema, required = described_field
    return {"name": name, "in": "query", "required": required is True, "schema": schema}


def _body(inner: list[Block]) -> dict[str, Json] | None:
    """The body's schema by an example in JSON, or by its fields."""
    for block in inner:
        if block.kind in {"fence", "text"} and block.text.lstrip().startswith("{"):
            try:
                example = msgspec.json.decode(block.text)
            except msgspec.DecodeError:
                continue
            if isinstance(example, dict) and example:
                return {"type": "object", UNSTATED: True, "properties": {str(name): {} for name in example}}
    fields = list(described_fields(b for b in inner if b.kind in {"row", "item"}))
    if not fields:
        return None
    return {
        "type": "object",
        UNSTATED: True,
        "properties": {name: schema for name, schema, _ in fields},
        "required": [name for name, _, required in fields if required],
    }
