"""Edits of the call that registers a route: `@router.get(…)`."""

from __future__ import annotations

from rules.finding import Edit
from rules.ir import nodes as ir
from rules.project.routing.routes import Route

_WIDTH = 110


def with_argument(route: Route, name: str, text: str) -> Edit | None:
    """The edit that adds `name=text` to the call, or changes it; None where the call is of another shape."""
    node = route.origin.node
    if not isinstance(node, ir.Call) or not node.arguments:
        return None
    written = node.keyword(name)
    return _changed(route, written, text) if written is not None else _added(route, node, f"{name}={text}")


def _changed(route: Route, written: ir.Expr, text: str) -> Edit | None:
    source = route.origin.module.source
    place = source.place(written)
    if place.line != place.end_line:
        return None
    line = source.lines[place.line - 1]
    changed = line[: place.column - 1] + text + line[place.end_column - 1 :]
    return Edit(source.path, place.line, place.line, changed + "\n")


def _added(route: Route, node: ir.Call, argument: str) -> Edit | None:
    source = route.origin.module.source
    place = source.place(node)
    line = source.lines[place.end_line - 1]
    before, after = line[: place.end_column - 2], line[place.end_column - 2 :]
    if not after.startswith(")"):
        return None
    if before.strip():
        if before.rstrip().endswith(",") or len(f"{line}, {argument}") > _WIDTH:
            return None
        return Edit(source.path, place.end_line, place.end_line, f"{before}, {argument}{after}\n")
    above = source.lines[place.end_line - 2]
    if "#" in above or above.rstrip().endswith("("):
        return None
    indent = above[: len(above) - len(above.lstrip())]
    text = f"{above.rstrip().rstrip(',')},\n{indent}{argument},\n{line}\n"
    return Edit(source.path, place.end_line - 1, place.end_line, text)
