"""Handlers that do more than their declarations say: set a status themselves, or read the raw request."""

from __future__ import annotations

from rules.evaluation.values import FunctionValue
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.routing.callables import unwrapped
from rules.project.routing.routes import Route


def answers_by_itself(route: Route) -> bool:
    """Whether the handler sets a status or makes a response that its declaration does not tell."""
    return any(_sets_status(node) for node in walk(_body(route)))


def reads_by_itself(route: Route) -> bool:
    """Whether the handler takes the raw request, and so may read what it does not declare."""
    return any(
        isinstance(node, ir.Attribute) and node.name in {"query_params", "headers", "json", "body", "form"}
        for node in walk(_body(route))
    )


def _body(route: Route) -> tuple[ir.Stmt, ...]:
    handler = unwrapped(route.handler)
    if not isinstance(handler, FunctionValue) or isinstance(handler.node, ir.Lambda):
        return ()
    return handler.module.source.module.body(handler.node)


def _sets_status(node: ir.Node) -> bool:
    if isinstance(node, ir.Assign):
        return any(isinstance(t, ir.Attribute) and t.name == "status_code" for t in node.targets)
    if not isinstance(node, ir.Call):
        return False
    called = node.function
    if isinstance(called, ir.Name):
        return called.id.endswith("Response")
    return isinstance(called, ir.Attribute) and called.name.endswith("Response")
