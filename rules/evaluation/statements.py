"""Execution of statements: what happens, under which assumptions, and whether a suite is left at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rules.evaluation import operators
from rules.evaluation.classes import define_class
from rules.evaluation.compound import (
    for_statement,
    if_statement,
    match_statement,
    try_statement,
    while_statement,
    with_statement,
)
from rules.evaluation.decorators import decorate
from rules.evaluation.imports import import_from, import_modules
from rules.evaluation.run import PathEnded, Run
from rules.evaluation.scopes import Scope
from rules.evaluation.targets import assign
from rules.evaluation.values import (
    Condition,
    Const,
    External,
    FunctionValue,
    Origin,
    Sequence,
    Value,
)
from rules.ir import nodes as ir


def execute(run: Run, body: tuple[ir.Stmt, ...], scope: Scope) -> bool:
    """Run a suite. False where no path reaches its end (it returned, raised, or left the loop)."""
    for statement in body:
        run.step()
        handler = _TABLE.get(type(statement))
        try:
            if handler is not None and not handler(run, statement, scope):
                return False
        except PathEnded:
            return False
    return True


def _assign(run: Run, node: ir.Assign, scope: Scope) -> bool:
    value = run.evaluate(run, node.value, scope)
    for target in node.targets:
        assign(run, target, value, scope)
    return True


def _annotated(run: Run, node: ir.AnnotatedAssign, scope: Scope) -> bool:
    if node.value is not None:
        assign(run, node.target, run.evaluate(run, node.value, scope), scope)
    return True


def _augmented(run: Run, node: ir.AugmentedAssign, scope: Scope) -> bool:
    right = run.evaluate(run, node.value, scope)
    left = run.evaluate(run, node.target, scope)
    if (
        isinstance(left, Sequence)
        and isinstance(right, Sequence)
        and node.operator == "+"
        and run.may_change(left)
    ):
        left.items.extend(right.items)
        left.is_open = left.is_open or right.is_open
        return True
    result = operators.binary(node.operator, left, right, Origin(scope.module, node))
    run.own(result)
    assign(run, node.target, result, scope)
    return True


def _evaluate(run: Run, node: ir.Evaluate, scope: Scope) -> bool:
    if not isinstance(node.value, ir.Constant):
        run.evaluate(run, node.value, scope)
    return True


def _return(run: Run, node: ir.Return, scope: Scope) -> bool:
    value = Const(None) if node.value is None else run.evaluate(run, node.value, scope)
    run.log("return", value, Origin(scope.module, node))
    if run.frames:
        frame = run.frames[-1]
        frame.exits.append((value, tuple(run.conditions[frame.base :])))
    return False


def _raise(run: Run, node: ir.Raise, scope: Scope) -> bool:
    value = Const(None) if node.exception is None else run.evaluate(run, node.exception, scope)
    run.log("raise", value, Origin(scope.module, node))
    return False


def _function(run: Run, node: ir.Function, scope: Scope) -> bool:
    shadows = scope.bindings.get(node.name)
    value: Value = FunctionValue(node, scope.module, scope, scope.child_qualname(node.name), shadows=shadows)
    for decorator_node in reversed(node.decorators):
        decorator = run.evaluate(run, decorator_node, scope)
        value = decorate(run, decorator, value, Origin(scope.module, decorator_node))
    scope.bind(node.name, value)
    return True


def _class(run: Run, node: ir.Class, scope: Scope) -> bool:
    define_class(run, node, scope)
    return True


def _assert(run: Run, node: ir.Assert, scope: Scope) -> bool:
    test = run.evaluate(run, node.test, scope)
    if operators.truth(test) is None:
        run.conditions.append(Condition(test, negated=False, origin=Origin(scope.module, node.test)))
    return True


def _delete(run: Run, node: ir.Delete, scope: Scope) -> bool:
    for target in node.targets:
        if isinstance(target, ir.Name):
            scope.bindings.pop(target.id, None)
    return True


def _scope(run: Run, node: ir.Scope, scope: Scope) -> bool:
    for name in node.names:
        if node.kind == "global":
            scope.outer_names[name] = scope.globals
        else:
            outer = scope.parent
            while outer is not None and name not in outer.bindings:
                outer = outer.parent
            if outer is not None:
                scope.outer_names[name] = outer
    return True


def _type_alias(run: Run, node: ir.TypeAlias, scope: Scope) -> bool:
    inner = scope
    if node.type_parameters:
        inner = Scope("comprehension", scope.module, scope, scope.qualname)
        for name in node.type_parameters:
            inner.bindings[name] = External(f"typing.TypeVar.{name}")
    scope.bind(node.name, run.evaluate(run, node.value, inner))
    return True


def _imported(run: Run, node: ir.ImportFrom, scope: Scope) -> bool:
    import_from(run, node, scope, deferred=False)
    return True


def _modules(run: Run, node: ir.Import, scope: Scope) -> bool:
    import_modules(run, node, scope)
    return True


_TABLE: dict[type[Any], Callable[[Run, Any, Scope], bool]] = {
    ir.Assign: _assign,
    ir.AnnotatedAssign: _annotated,
    ir.AugmentedAssign: _augmented,
    ir.Evaluate: _evaluate,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.If: if_statement,
    ir.For: for_statement,
    ir.While: while_statement,
    ir.Try: try_statement,
    ir.With: with_statement,
    ir.Function: _function,
    ir.Class: _class,
    ir.Import: _modules,
    ir.ImportFrom: _imported,
    ir.Delete: _delete,
    ir.Assert: _assert,
    ir.Match: match_statement,
    ir.Jump: lambda run, node, scope: node.kind == "pass",
    ir.Scope: _scope,
    ir.TypeAlias: _type_alias,
}
