"""The edit that puts a test for None behind a lookup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import covers
from rules.project.responses.missing_rows import MissingRow
from rules.project.responses.raise_edits import not_found
from rules.project.responses.row_uses import RESULT_METHODS

if TYPE_CHECKING:
    from rules.project.project import Project

_WIDTH = 110
_INDENT = "    "


def with_check(project: Project, found: MissingRow) -> Fix | None:
    """`if row is None: raise …` after `row = <lookup>`, or before `return <lookup>`."""
    module = found.site.module
    function = project.frames.enclosing(found.site)
    if function is None:
        return None
    body = module.source.module.body(function)
    statement = next((s for s in _simple(body) if covers(s, found.site.node)), None)
    if statement is None or not _is_whole(statement, found.site.node):
        return None
    models = frozenset(table.model_name for table in project.tables)
    raised = not_found(project.machine, project.routes, module, found.table.model_name, models)
    if raised is None:
        return None
    names = {node.id for node in walk(body) if isinstance(node, ir.Name)}
    written = _written(module.source.lines, statement, found.table.model_name, names, raised.text)
    if written is None or any(edit.start_line >= statement.line for edit in raised.added):
        return None
    edit = Edit(module.source.path, statement.line, statement.end_line, written)
    return Fix("Answer 404 where there is none", Safety.SUGGEST, (*raised.added, edit))


def _simple(body: tuple[ir.Stmt, ...]) -> Iterator[ir.Node]:
    return (n for n in walk(body) if isinstance(n, ir.Assign | ir.AnnotatedAssign | ir.Return))


def _is_whole(statement: ir.Node, lookup: ir.Node) -> bool:
    """Whether the statement's value is what the lookup gives: awaited, or one row taken of it."""
    value = getattr(statement, "value", None)
    while value is not None and _span(value) != _span(lookup):
        match value:
            case ir.Await(value=inner):
                value = inner
            case ir.Call(function=ir.Attribute(value=inner, name=name)) if name in RESULT_METHODS:
                value = inner
            case _:
                return False
    return value is not None


def _span(node: ir.Node) -> tuple[int, int, int, int]:
    return node.line, node.column, node.end_line, node.end_column


def _written(
    source: tuple[str, ...] | list[str], statement: ir.Node, model: str, names: set[str], raised: str
) -> str | None:
    lines = list(source[statement.line - 1 : statement.end_line])
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    name = _name(statement, model)
    if not name or len(indent) + len(_INDENT) + len(raised) > _WIDTH:
        return None
    check = f"{indent}if {name} is None:\n{indent}{_INDENT}{raised}\n"
    if not isinstance(statement, ir.Return):
        return "\n".join(lines) + "\n" + check
    if name in names or not lines[0].lstrip().startswith("return "):
        return None
    lines[0] = lines[0].replace("return ", f"{name} = ", 1)
    return "\n".join(lines) + "\n" + check + f"{indent}return {name}\n"


def _name(statement: ir.Node, model: str) -> str:
    """The name that the row has, or gets where it is returned at once."""
    match statement:
        case ir.Assign(targets=(ir.Name(id=name),)) | ir.AnnotatedAssign(target=ir.Name(id=name)):
            return name
        case ir.Return():
            return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model).lower()
        case _:
            return ""
