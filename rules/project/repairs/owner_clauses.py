"""The owner, put into a statement that a handler writes: `.where(Note.owner_id == user.id)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.evaluation.values import ClassValue, Origin
from rules.ir import nodes as ir
from rules.project.call_frames import covers
from rules.project.isolation.accesses import Access
from rules.project.isolation.isolation import Isolation
from rules.project.repairs.caller_names import Handler
from rules.project.repairs.insertions import Insertion, after
from rules.project.schema.tables import Table

_STATEMENTS = {"select": "where", "update": "where", "delete": "where", "query": "filter"}


def statement_clauses(
    handler: Handler, accesses: Sequence[Access], isolation: Isolation, criterion: str
) -> list[Insertion]:
    """`criterion` behind the beginning of each statement; empty unless the handler writes them all.

    `{T}` in the criterion stands for the model as the module names it.
    """
    found: list[Insertion] = []
    for access in accesses:
        root = access.variant.statement.root
        clause = clause_at(handler, root, access.table, isolation, criterion)
        if clause is None:
            return []
        found.append(clause)
    return found


def clause_at(
    handler: Handler, root: Origin, table: Table, isolation: Isolation, criterion: str
) -> Insertion | None:
    """The criterion behind the beginning of a statement that the handler writes itself."""
    if root.module is not handler.value.module or not covers(handler.function, root.node):
        return None
    return clause_behind(root, table, isolation, criterion)


def clause_behind(root: Origin, table: Table, isolation: Isolation, criterion: str) -> Insertion | None:
    """The criterion behind `select(T)` or what else a statement begins with."""
    method, name = _method(root.node), model_name(isolation, root, table)
    if not method or not name:
        return None
    place = root.module.source.place(root.node)
    return after(place, f".{method}({criterion.replace('{T}', name)})")


def _method(node: ir.Node) -> str:
    if isinstance(node, ir.Attribute) and node.name == "query":
        return "filter"
    if not isinstance(node, ir.Call):
        return ""
    function = node.function
    name = function.name if isinstance(function, ir.Attribute) else getattr(function, "id", "")
    return _STATEMENTS.get(name, "")


def model_name(isolation: Isolation, origin: Origin, table: Table) -> str:
    """How the module of `origin` names the model of a table; empty where it does not."""
    scope = isolation.machine.scope(origin.module)
    names = [
        name
        for name, value in scope.bindings.items()
        if isinstance(value, ClassValue) and isolation.ownership.table(value) is table
    ]
    if names:
        return table.model_name if table.model_name in names else names[0]
    text = origin.module.source.segment(origin.node)
    found = re.search(rf"\b(?:\w+\.)+{re.escape(table.model_name)}\b", text)
    return found[0] if found is not None else ""
