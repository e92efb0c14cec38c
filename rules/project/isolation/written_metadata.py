"""Where a parameter's metadata is written: in its own annotation, in an alias, or as its default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import FunctionValue, Origin, Parametrized, Value
from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.annotations import generic_name


@dataclass(frozen=True, slots=True)
class Written:
    """A place in the source.

    `expression` is the metadata's own text, None where it is not written out; `statement` what holds it: the
    parameter, or the assignment of the alias `alias`.
    """

    module: ModuleInfo
    statement: ir.Node
    expression: ir.Expr | None
    alias: str = ""

    @property
    def key(self) -> tuple[str, int, int, str]:
        """The same for every parameter that uses one alias."""
        node = self.expression or self.statement
        return self.module.path, node.line, node.column, self.alias

    @property
    def place(self) -> Place:
        """The parameter or the alias."""
        return self.module.source.place(self.statement)


def written(machine: Machine, origin: Origin, annotation: Value | None, item: Value) -> Written:
    """Where `item`, metadata or default of the parameter at `origin`, is written."""
    node = origin.node
    if not isinstance(node, ir.Parameter):
        return Written(origin.module, node, None)
    holder = _holder(annotation, item) if annotation is not None else None
    if holder is None:
        return Written(origin.module, node, node.default)
    if node.annotation is not None and (found := _inline(machine, origin.module, node.annotation, item)):
        return Written(origin.module, node, found)
    return _alias(machine, holder, item) or Written(origin.module, node, None)


def _holder(annotation: Value, item: Value) -> Parametrized | None:
    """The `Annotated[...]` whose metadata the item is."""
    pending: list[Value] = [annotation]
    while pending:
        current = pending.pop()
        if isinstance(current, Parametrized):
            if generic_name(current) == "Annotated" and any(a is item for a in current.arguments[1:]):
                return current
            pending.extend(current.arguments)
    return None


def _inline(machine: Machine, module: ModuleInfo, annotation: ir.Expr, item: Value) -> ir.Expr | None:
    for part in _metadata(annotation):
        if len(part) == 1:
            return part[0]
        scope = machine.scope(module)
        for expression in part:
            if _same(machine.evaluate(expression, scope), item):
                return expression
    return None


def _metadata(expression: ir.Expr) -> Iterator[tuple[ir.Expr, ...]]:
    """The metadata of each `Annotated[...]` that is written out in an expression."""
    for node in walk(expression):
        if not isinstance(node, ir.Subscript) or not isinstance(node.index, ir.Collection):
            continue
        name = node.value
        last = name.name if isinstance(name, ir.Attribute) else name.id if isinstance(name, ir.Name) else ""
        if last == "Annotated":
            yield node.index.items[1:]


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, FunctionValue) and isinstance(right, FunctionValue):
        return left.node is right.node
    return left is right


def _alias(machine: Machine, holder: Parametrized, item: Value) -> Written | None:
    """The assignment by which the annotation got a name."""
    for scope in machine.executed():
        names = {name for name, bound in scope.bindings.items() if _holder_is(bound, holder)}
        for statement in scope.module.source.module.statements if names else ():
            for name, value in _assigned(statement):
                if name in names:
                    found = _inline(machine, scope.module, value, item)
                    if found is not None:
                        return Written(scope.module, statement, found, name)
    return None


def _holder_is(bound: Value, holder: Parametrized) -> bool:
    if bound is holder:
        return True
    return isinstance(bound, Parametrized) and any(_holder_is(a, holder) for a in bound.arguments)


def _assigned(statement: ir.Stmt) -> Iterator[tuple[str, ir.Expr]]:
    match statement:
        case ir.Assign(targets=targets, value=value):
            yield from ((t.id, value) for t in targets if isinstance(t, ir.Name))
        case ir.AnnotatedAssign(target=ir.Name(id=name), value=value) if value is not None:
            yield name, value
        case ir.TypeAlias(name=name, value=value):
            yield name, value
        case _:
            pass
