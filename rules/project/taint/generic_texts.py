"""The fix for an exception's text in an HTTP error: a text of the server's own."""

from __future__ import annotations

from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.taint.error_texts import ErrorText

_TEXT = '"Internal server error"'


def generic(found: ErrorText) -> Fix | None:
    """The edit that replaces the detail of a raised HTTP error; None where it is not written on one line."""
    source, node = found.effect.origin.module.source, found.effect.origin.node
    call = node.exception if isinstance(node, ir.Raise) else None
    detail = _detail(call) if isinstance(call, ir.Call) else None
    if detail is None or detail.line != detail.end_line:
        return None
    place = source.place(detail)
    line = source.lines[place.line - 1]
    replaced = line[: place.column - 1] + _TEXT + line[place.end_column - 1 :]
    edit = Edit(source.path, place.line, place.line, replaced + "\n")
    return Fix("Answer with a text that says nothing of the inside", Safety.SUGGEST, (edit,))


def _detail(call: ir.Call) -> ir.Expr | None:
    written = call.keyword("detail") or (call.arguments[1] if len(call.arguments) > 1 else None)
    return None if isinstance(written, ir.Name | ir.Constant) else written
