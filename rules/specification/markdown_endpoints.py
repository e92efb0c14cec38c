"""Reads endpoint lists in Markdown: headings such as `### GET /items/{id}`, tables of methods and paths.

Such a list says less than a document: what it does not mention is left open. Read are the method and path,
statuses, whether credentials are asked for, and the query parameters and body fields of an endpoint's own
table or list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.specification.markdown_blocks import Block, blocks
from rules.specification.markdown_endpoint_text import described
from rules.specification.openapi import open_question
from rules.specification.operations import ApiSpecification, operations
from rules.specification.problem import Doubt
from rules.specification.values import Json

_METHOD = r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
_PATH = r"(?P<path>/[\w\-./{}:<>\[\]~]*)(?:\?[^\s]*)?"
_ENDPOINT = re.compile(
    rf"(?:^|[\s(:*\u2014\u2013-]){_METHOD}\b[\s:*\u2014\u2013-]+(?:https?://[^/\s]+)?{_PATH}"
)
_PATHS = ("path", "endpoint", "route", "url", "uri")
_METHODS = ("method", "http method", "verb", "http verb")
_BASE = re.compile(r"base (?:url|path)\W*(?:https?://[^/\s]+)?(?P<path>/[\w\-./{}]*)?", re.IGNORECASE)
_PUBLIC = re.compile(r"/(?:auth|login|log-in|register|sign|token|health|ping|status|docs)", re.IGNORECASE)
_ALL_ASK = re.compile(r"\ball (?:\w+ )?(?:endpoints|routes|requests)\b.*\brequire\b", re.IGNORECASE)


@dataclass(slots=True)
class _Endpoint:
    """An endpoint as far as it was read: the blocks that follow its heading, or its row."""

    method: str
    path: str
    line: int
    level: int
    heading: str
    blocks: list[Block] = field(default_factory=list)
    row: Block | None = None


def read_endpoint_list(path: str, data: bytes) -> ApiSpecification:
    """The operations that a Markdown file lists. Raises Unreadable for one that is too large."""
    found = list(blocks(data))
    endpoints = list(_endpoints(found))
    secured = any(_ALL_ASK.search(block.text) for block in found if block.kind in {"text", "item"})
    document: dict[str, Json] = {"openapi": "3.1.0", "paths": {}, "security": None}
    lines: dict[tuple[str, str], int] = {}
    for endpoint in endpoints:
        if open_question(endpoint.heading) is None:
            item = document["paths"].setdefault(endpoint.path, {})
            operation = described(endpoint.blocks, endpoint.row)
            if secured and not _PUBLIC.search(endpoint.path):
                operation.setdefault("security", [{"credentials": []}])
            item.setdefault(endpoint.method, operation)
            lines.setdefault((endpoint.path, endpoint.method), endpoint.line)
    made = tuple(operations(document, lambda at, method: lines[at, method]))
    return ApiSpecification(
        path=path,
        operations=made,
        bases=("", *_bases(found)),
        is_list=True,
        doubts=tuple(_doubts(path, endpoints)),
    )


def _endpoints(found: list[Block]) -> Iterator[_Endpoint]:
    """The endpoints in order, each with what is told below its heading."""
    current: _Endpoint | None = None
    for block in found:
        if block.kind == "row":
            row = _of_row(block)
            if row is not None:
                yield row
                continue
        told = _ENDPOINT.search(block.text) if block.kind in {"heading", "text", "item"} else None
        if told is not None and _opens(block, current, told):
            if current is not None:
                yield current
            level = block.level or (current.level if current is not None else 7)
            current = _Endpoint(told["method"].lower(), _path(told["path"]), block.line, level, block.text)
        elif current is not None and block.kind == "heading" and block.level <= current.level:
            yield current
            current = None
        elif current is not None:
            current.blocks.append(block)
    if current is not None:
        yield current


def _opens(block: Block, current: _Endpoint | None, told: re.Match[str]) -> bool:
    """Whether a mention of an endpoint begins its description: in a heading, or where a text begins."""
    if block.kind == "heading":
        return True
    before = block.text[: told.start("method")].strip(" *:-").lower()
    same = current is not None and (current.method, current.path) == (
        told["method"].lower(),
        _path(told["path"]),
    )
    return before in {"", "endpoint", "route"} and not same


def _of_row(block: Block) -> _Endpoint | None:
    method, path = block.cell(*_METHODS), block.cell(*_PATHS)
    told = _ENDPOINT.search(f"{method} {path}" if method else path)
    if told is None:
        return None
    return _Endpoint(told["method"].lower(), _path(told["path"]), block.line, 7, block.text, row=block)


def _path(written: str) -> str:
    """The path with its parameters in braces: `/items/:id`, `/items/<id>` and `/items/[id]` alike."""
    named = re.sub(
        r"(?<=/):(\w+)|<(?:\w+:)?(\w+)>|\[(\w+)\]", lambda m: f"{{{m.group(m.lastindex or 0)}}}", written
    )
    return named.rstrip(".:,") or "/"


def _bases(found: list[Block]) -> Iterator[str]:
    """The paths that a list puts before its own: beside the words "base URL", or in the line after them."""
    for index, block in enumerate(found):
        told = _BASE.search(block.text)
        if told is None:
            continue
        following = found[index + 1].text if index + 1 < len(found) else ""
        path = told["path"] or (following if following.startswith("/") else "")
        if path.strip("/"):
            yield path.split()[0].rstrip("/")


def _doubts(path: str, endpoints: list[_Endpoint]) -> Iterator[Doubt]:
    for endpoint in endpoints:
        title = f"`{endpoint.method.upper()} {endpoint.path}`"
        for block in (Block("heading", endpoint.heading, endpoint.line), *endpoint.blocks):
            words = open_question(block.text)
            if words is not None and block.kind != "fence":
                said = f"{title}: something here is not decided (`{words}`); what should the code do?"
                yield Doubt(path, block.line, said)
