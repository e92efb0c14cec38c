"""What a literal belongs to: the name that it is assigned to, and the settings class around that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.evaluation.values import ClassValue, Origin
from rules.ir import nodes as ir
from rules.project.call_frames import covers
from rules.project.module_nodes import everything


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The statement that a literal stands in. `name` is empty where nothing is assigned."""

    literal: Origin
    name: str
    statement: ir.Stmt | None
    call: ir.Call | None
    class_name: str
    settings: ClassValue | None = None


def standing_of(literal: Origin, settings: Mapping[int, ClassValue]) -> Standing:
    """The assignment, innermost call and class around a literal; `settings` are classes by their nodes."""
    statement: ir.Stmt | None = None
    call: ir.Call | None = None
    cls: ir.Class | None = None
    for node in everything(literal.module):
        if node is literal.node or not covers(node, literal.node):
            continue
        if isinstance(node, ir.Assign | ir.AnnotatedAssign):
            statement = node
        elif isinstance(node, ir.Call) and (call is None or covers(call, node)):
            call = node
        elif isinstance(node, ir.Class) and (cls is None or covers(cls, node)):
            cls = node
    found = settings.get(id(cls)) if cls is not None else None
    return Standing(literal, _name(statement), statement, call, cls.name if cls is not None else "", found)


def _name(statement: ir.Stmt | None) -> str:
    target = statement.target if isinstance(statement, ir.AnnotatedAssign) else None
    if isinstance(statement, ir.Assign):
        target = statement.targets[0]
    match target:
        case ir.Name(id=name) | ir.Attribute(name=name):
            return name
        case _:
            return ""
