"""The fix for an unbounded list: `offset` and a bounded `limit` in the signature and in the statement."""

from __future__ import annotations

import re

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Application, External, FunctionValue, Value
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.ir.walk import walk as walk_nodes
from rules.project.call_frames import covers
from rules.project.isolation.statements import StatementReader
from rules.project.isolation.terms import walk
from rules.project.paging.unbounded_lists import UnboundedList
from rules.project.routing.framework import FRAMEWORK, split

_NAMES = frozenset({"offset", "limit"})
_END_OF_SIGNATURE = re.compile(r"\)(\s*->[^:]*)?:\s*(#.*)?$")


def with_paging(machine: Machine, found: UnboundedList) -> Fix | None:
    """The edits, where the handler writes the statement on one line and has an ordinary signature."""
    handler = found.route.handler
    if not isinstance(handler, FunctionValue) or not isinstance(handler.node, ir.Function):
        return None
    statement = _statement(found)
    if statement is None or statement.origin.module is not handler.module:
        return None
    node = statement.origin.node
    body = handler.module.source.module.body(handler.node)
    if not any(covers(s, node) for s in body) or node.line != node.end_line:
        return None
    query, added = _query(machine, handler.module)
    signature = _signature(handler, body, query)
    if signature is None or signature.start_line == node.line or (added and added.start_line == node.line):
        return None
    place = handler.module.source.place(node)
    line = handler.module.source.lines[place.line - 1]
    cut = place.end_column - 1
    paged = f"{line[:cut]}.offset(offset).limit(limit){line[cut:]}\n"
    edits = (signature, Edit(handler.module.source.path, place.line, place.line, paged))
    return Fix("Give the list in pages of at most 100", Safety.SUGGEST, (added, *edits) if added else edits)


def _statement(found: UnboundedList) -> Application | None:
    """The outermost `select(…)` term of the query."""
    reader: StatementReader = found.inspection.guards.statements

    def is_select(value: Value) -> bool:
        return value is not found.query.result and isinstance(value, Application) and bool(reader.read(value))

    written = (v for a in found.query.result.arguments.positional for v in walk(a, stop=is_select))
    made = next((v for v in written if is_select(v)), None)
    return made if isinstance(made, Application) else None


def _signature(handler: FunctionValue, body: tuple[ir.Stmt, ...], query: str) -> Edit | None:
    node, source = handler.node, handler.module.source
    assert isinstance(node, ir.Function)
    if any(p.name in _NAMES or p.kind in {"*", "**"} for p in node.parameters):
        return None
    if any(isinstance(n, ir.Name) and n.id in _NAMES for n in walk_nodes(body)) or not body:
        return None
    for number in range(node.line, body[0].line):
        line = source.lines[number - 1]
        match = _END_OF_SIGNATURE.search(line)
        if match is None or line.count("(") - line.count(")") > 0:
            continue
        before, after = line[: match.start()].rstrip(), line[match.start() :]
        size = f"limit: int = {query}(default=100, ge=1, le=100)"
        if not before:
            above = source.lines[number - 2]
            indent = above[: len(above) - len(above.lstrip())]
            if not above.endswith(","):
                return None
            text = f"{indent}offset: int = 0,\n{indent}{size},\n{line}\n"
        else:
            comma = "" if before.endswith("(") else " " if before.endswith(",") else ", "
            text = f"{before}{comma}offset: int = 0, {size}{after}\n"
        return Edit(source.path, number, number, text)
    return None


def _query(machine: Machine, module: ModuleInfo) -> tuple[str, Edit | None]:
    """The name that the module has for `fastapi.Query`, and the edit that imports it where it has none."""
    for name, bound in machine.scope(module).bindings.items():
        top, last = split(bound.name) if isinstance(bound, External) else ("", "")
        if top in FRAMEWORK and last == "Query":
            return name, None
    source = module.source
    for statement in source.module.statements:
        if isinstance(statement, ir.ImportFrom) and statement.module == "fastapi":
            line = source.lines[statement.line - 1]
            if statement.line == statement.end_line and not any(c in line for c in "(#;\\"):
                return "Query", Edit(source.path, statement.line, statement.line, f"{line}, Query\n")
    return "Query", Edit(source.path, 1, 1, f"from fastapi import Query\n{source.lines[0]}\n")
