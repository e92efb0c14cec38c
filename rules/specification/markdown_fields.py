"""Fields that Markdown describes in tables (`| name | string | yes |`) or lists (`- name (string): …`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rules.specification.markdown_blocks import Block
from rules.specification.openapi import open_question
from rules.specification.values import Json

_NAMES = ("name", "field", "parameter", "param", "query parameter", "query param", "property", "key")
_TYPES = ("type", "data type")
_NEEDED = ("required", "required?", "mandatory", "constraints")
_ITEM = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\s*(?:\((?P<inside>[^)]*)\))?\s*(?:[:\u2013\u2014-]\s*(?P<after>.*))?", re.DOTALL
)
_SCHEMAS: dict[str, dict[str, Json]] = {
    "string": {"type": "string"}, "str": {"type": "string"}, "text": {"type": "string"},
    "integer": {"type": "integer"}, "int": {"type": "integer"}, "number": {"type": "number"},
    "float": {"type": "number"}, "boolean": {"type": "boolean"}, "bool": {"type": "boolean"},
    "uuid": {"type": "string", "format": "uuid"}, "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"}, "array": {"type": "array"},
    "list": {"type": "array"}, "object": {"type": "object"}, "dict": {"type": "object"},
}  # fmt: skip


def described_fields(found: Iterable[Block]) -> Iterator[tuple[str, dict[str, Json], bool | None]]:
    """The fields in rows and items: name, schema as far as it is told, whether required (None: not told).

    What the text itself calls undecided is left out.
    """
    for block in found:
        if open_question(block.text) is not None:
            continue
        if block.kind == "row" and block.cell(*_NAMES):
            name = block.cell(*_NAMES)
            if re.fullmatch(r"[A-Za-z_][\w.-]*", name):
                yield name, _schema(block.cell(*_TYPES)), _required(block.cell(*_NEEDED))
        elif block.kind == "item":
            item = _ITEM.fullmatch(block.text)
            if item is not None:
                told = f"{item['inside'] or ''} {item['after'] or ''}"
                yield item["name"], _schema(item["inside"] or ""), _required(item["inside"] or told)


def _schema(told: str) -> dict[str, Json]:
    """The schema of a type as it is written; empty for what is not plainly one type."""
    word = re.split(r"[,;(\s]", told.strip().lower().removesuffix("?"), maxsplit=1)[0]
    found = dict(_SCHEMAS.get(word, {}))
    if found and re.search(r"\bnull(?:able)?\b|\bNone\b|\?", told):
        found["nullable"] = True
    return found


def _required(told: str) -> bool | None:
    words = told.lower()
    if re.search(r"\boptional\b|\bnot required\b|\bno\b|❌|\bfalse\b|✗", words):
        return False
    if re.search(r"\brequired\b|\byes\b|✅|\btrue\b|✓|\bmandatory\b", words):
        return True
    return None
