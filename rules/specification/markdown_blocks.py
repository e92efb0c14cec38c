"""Markdown as a flat list of headings, paragraphs, list items, tables and fences, with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rules.specification.problem import Unreadable

_MAXIMUM_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """A block. `kind` is `heading`, `text`, `item`, `row` or `fence`; a row has its `cells` by header.

    `level` is a heading's; `text` has no emphasis and no backticks, and a fence's is its content.
    """

    kind: str
    text: str
    line: int
    level: int = 0
    cells: tuple[tuple[str, str], ...] = ()

    def cell(self, *names: str) -> str:
        """The cell under the first header that is one of the names; empty where there is none."""
        return next((text for header, text in self.cells if header in names), "")


def blocks(data: bytes) -> Iterator[Block]:
    """The blocks of a Markdown file in order. Raises Unreadable for one that is too large."""
    if len(data) > _MAXIMUM_BYTES:
        raise Unreadable(f"larger than {_MAXIMUM_BYTES // 1_000_000} MB")
    reader = _Reader(MarkdownIt().enable("table").parse(data.decode("utf-8", "replace")))
    for index, token in enumerate(reader.tokens):
        yield from reader.read(index, token)


@dataclass(slots=True)
class _Reader:
    """Reads one token after the other; what of lists and tables is open is kept between them."""

    tokens: list[Token]
    headers: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    items: int = 0
    row: int = 1

    def read(self, index: int, token: Token) -> Iterator[Block]:
        if token.type == "fence":
            yield Block("fence", token.content, _line(token))
        elif token.type in {"list_item_open", "list_item_close"}:
            self.items += token.nesting
        elif token.type == "tr_open":
            self.cells, self.row = [], _line(token)
        elif token.type == "thead_close":
            self.headers = [cell.lower() for cell in self.cells]
        elif token.type == "tr_close" and self.tokens[index - 1].type == "td_close":
            row = tuple(zip(self.headers, self.cells, strict=False))
            yield Block("row", " | ".join(self.cells), self.row, cells=row)
        elif token.type == "inline":
            yield from self._inline(self.tokens[index - 1], token)

    def _inline(self, before: Token, token: Token) -> Iterator[Block]:
        if before.type in {"th_open", "td_open"}:
            self.cells.append(_plain(token))
        elif before.type == "heading_open":
            yield Block("heading", _plain(token), _line(token), level=int(before.tag[1:]))
        else:
            for offset, text in enumerate(_plain(token).split("\n")):
                yield Block("item" if self.items else "text", text.strip(), _line(token) + offset)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _plain(token: Token) -> str:
    """The text of inline content without its marks."""
    parts = []
    for child in token.children or ():
        if child.type in {"text", "code_inline", "html_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
    return "".join(parts).strip()
