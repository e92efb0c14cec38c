"""f-strings and t-strings that the host cannot read, rewritten as list displays of their expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

import libcst as cst

from rules.parsing.guard import host_parse
from rules.parsing.rewriting import LiteralMark, Part, Rewriting

_Literal = cst.FormattedString | cst.TemplatedString
_Replacement = cst.FormattedStringExpression | cst.TemplatedStringExpression
_Span = Callable[[cst.CSTNode], tuple[int, int]]
_BARE = (cst.Tuple, cst.Yield, cst.NamedExpr, cst.Lambda)


class Literals:
    """Rewrites the literals of one module: texts go to a mark, expressions stay where they stand."""

    def __init__(self, rewriting: Rewriting, span: _Span) -> None:
        self._rewriting = rewriting
        self._span = span
        self._done: set[cst.CSTNode] = set()

    def rewrite(self, node: _Literal | cst.ConcatenatedString) -> bool:
        """Rewrite `node` if the host cannot read it; true where its expressions are still to be visited."""
        if node in self._done:
            return True
        start, end = self._span(node)
        if _readable(self._rewriting.data[start:end]):
            return False
        pieces = list(_flattened(node))
        self._done.update(pieces)
        literals = [piece for piece in pieces if not isinstance(piece, cst.ConcatenatedString)]
        parts: list[Part] = []
        slots: list[cst.BaseExpression] = []
        for literal in literals:
            _collect(literal, parts, slots)
        self._replace_gaps(start, end, slots)
        is_template = any(isinstance(literal, cst.TemplatedString) for literal in literals)
        self._rewriting.mark_literal(start, LiteralMark(tuple(parts), is_template))
        return True

    def _replace_gaps(self, start: int, end: int, slots: list[cst.BaseExpression]) -> None:
        position, before = start, b"["
        for slot in slots:
            slot_start, slot_end = self._outer_span(slot)
            bare = isinstance(slot, _BARE) and not slot.lpar
            self._replace_gap(position, slot_start, before, b"(" if bare else b"")
            position, before = slot_end, b")," if bare else b","
        self._replace_gap(position, end, before, b"]")

    def _replace_gap(self, start: int, end: int, before: bytes, after: bytes) -> None:
        gap = self._rewriting.blank(self._rewriting.data[start:end]).replace(b"\\", b" ")
        ink = len(before) + len(after)
        room = min(ink, len(gap) - len(gap.rstrip(b" ")))
        self._rewriting.replace(start, end, before + gap[: len(gap) - room] + after)

    def _outer_span(self, node: cst.BaseExpression) -> tuple[int, int]:
        start, end = self._span(node)
        if node.lpar:
            start = self._span(node.lpar[0])[0]
        if node.rpar:
            end = self._span(node.rpar[-1])[1]
        return start, end


def _readable(code: bytes) -> bool:
    try:
        host_parse("(" + code.decode("utf-8") + "\n)")
    except (SyntaxError, ValueError):
        return False
    return True


def _flattened(node: cst.BaseExpression) -> Iterator[_Literal | cst.SimpleString | cst.ConcatenatedString]:
    while isinstance(node, cst.ConcatenatedString):
        yield node
        yield from _flattened(node.left)
        node = node.right
    if isinstance(node, cst.FormattedString | cst.TemplatedString | cst.SimpleString):
        yield node


def _collect(
    literal: _Literal | cst.SimpleString, parts: list[Part], slots: list[cst.BaseExpression]
) -> None:
    if isinstance(literal, cst.SimpleString):
        value = literal.evaluated_value
        parts.append(value if isinstance(value, str) else "")
    else:
        _collect_fields(literal.parts, literal, parts, slots)


def _collect_fields(
    content: Sequence[cst.CSTNode], literal: _Literal, parts: list[Part], slots: list[cst.BaseExpression]
) -> None:
    for part in content:
        if isinstance(part, _Replacement):
            parts.append(None)
            slots.append(part.expression)
            _collect_fields(part.format_spec or (), literal, parts, slots)
        elif isinstance(part, cst.FormattedStringText | cst.TemplatedStringText):
            parts.append(_text(part.value, literal))


def _text(value: str, literal: _Literal) -> str:
    prefix = "r" if "r" in literal.start.lower().rstrip("'\"") else ""
    value = value.replace("{{", "{").replace("}}", "}")
    try:
        text = ast.literal_eval(prefix + literal.end + value + literal.end)
    except (SyntaxError, ValueError):
        return value
    return text if isinstance(text, str) else value
