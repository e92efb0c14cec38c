"""Execution of statements: what happens, under which assumptions, and whether a suite is left at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rules.evaluation import operators
from rules.evaluation.branches import Branch, branch
from rules.evaluation.classes import define_class
from rules.evaluation.decorators import decorate
from rules.evaluation.imports import import_from, import_modules
from rules.evaluation.run import PathEnded, Run
from rules.evaluation.scopes import Scope
from rules.evaluation.targets import assign, each
from rules.evaluation.values import (
    Arguments,
    Condition,
    Const,
    External,
    FunctionValue,
    Instance,
    Operation,
    Origin,
    Sequence,
    Symbol,
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
    if isinstance(left, Sequence) and isinstance(right, Sequence) and node.operator == "+" and run.may_change(left):
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


def _if(run: Run, node: ir.If, scope: Scope) -> bool:
    test = run.evaluate(run, node.test, scope)
    known = operators.truth(test)
    if known is False and isinstance(test, External) and test.name.endswith(".TYPE_CHECKING"):
        _bind_types(run, node.body, scope)
    if known is not None:
        return execute(run, node.body if known else node.otherwise, scope)
    origin = Origin(scope.module, node.test)
    return branch(
        run,
        scope,
        [
            Branch(Condition(test, False, origin), lambda: execute(run, node.body, scope)),
            Branch(Condition(test, True, origin), lambda: execute(run, node.otherwise, scope)),
        ],
    )


def _bind_types(run: Run, body: tuple[ir.Stmt, ...], scope: Scope) -> None:
    """Names imported for type checkers alone are bound without executing their modules."""
    for statement in body:
        if isinstance(statement, ir.ImportFrom):
            import_from(run, statement, scope, deferred=True)
        elif isinstance(statement, ir.Import):
            import_modules(run, statement, scope)


def _for(run: Run, node: ir.For, scope: Scope) -> bool:
    iterable = run.evaluate(run, node.iterable, scope)
    base = len(run.conditions)
    for item, certain in each(iterable, Origin(scope.module, node)):
        run.step()
        assign(run, node.target, item, scope)
        if certain:
            execute(run, node.body, scope)
        else:
            once = Condition(Symbol("each", "each", iterable), False, Origin(scope.module, node.iterable))
            branch(run, scope, [Branch(once, lambda: execute(run, node.body, scope)), Branch(None, lambda: True)])
        del run.conditions[base:]
    return execute(run, node.otherwise, scope)


def _while(run: Run, node: ir.While, scope: Scope) -> bool:
    test = run.evaluate(run, node.test, scope)
    known = operators.truth(test)
    if known is False:
        return execute(run, node.otherwise, scope)
    condition = Condition(test, False, Origin(scope.module, node.test))
    base = len(run.conditions)
    branches = [Branch(condition, lambda: execute(run, node.body, scope)), Branch(None, lambda: True)]
    branch(run, scope, branches)
    del run.conditions[base:]
    return True


def _try(run: Run, node: ir.Try, scope: Scope) -> bool:
    def attempt() -> bool:
        return execute(run, node.body, scope) and execute(run, node.otherwise, scope)

    before = dict(scope.bindings)
    branches = [Branch(None, attempt)]
    for handler in node.handlers:
        types = None if handler.types is None else run.evaluate(run, handler.types, scope)
        caught = Symbol(handler.name or "", "caught", types)
        condition = Condition(caught, False, Origin(scope.module, handler))
        branches.append(Branch(condition, _handler(run, handler, scope, caught, before)))
    falls = branch(run, scope, branches)
    return execute(run, node.final, scope) and falls


def _handler(
    run: Run, handler: ir.Handler, scope: Scope, caught: Symbol, before: dict[str, Value]
) -> Callable[[], bool]:
    def enter() -> bool:
        for name in list(scope.bindings):
            if name not in before:
                del scope.bindings[name]
        if handler.name is not None:
            scope.bind(handler.name, caught)
        return execute(run, handler.body, scope)

    return enter


def _with(run: Run, node: ir.With, scope: Scope) -> bool:
    for item in node.items:
        value = run.evaluate(run, item.context, scope)
        entered = _entered(run, value, Origin(scope.module, item))
        if item.target is not None:
            assign(run, item.target, entered, scope)
    return execute(run, node.body, scope)


def _entered(run: Run, value: Value, origin: Origin) -> Value:
    if isinstance(value, Sequence) and value.kind == "generator":
        return value.items[0]
    if isinstance(value, Instance):
        for name in ("__aenter__", "__enter__"):
            found = run.attribute(run, value, name, origin)
            if isinstance(found, FunctionValue):
                return run.call(run, found, Arguments(), origin)
    return value


def _function(run: Run, node: ir.Function, scope: Scope) -> bool:
    value: Value = FunctionValue(node, scope.module, scope, scope.child_qualname(node.name))
    for decorator_node in reversed(node.decorators):
        decorator = run.evaluate(run, decorator_node, scope)
        value = decorate(run, decorator, value, Origin(scope.module, decorator_node))
    scope.bind(node.name, value)
    return True


def _class(run: Run, node: ir.Class, scope: Scope) -> bool:
    define_class(run, node, scope)
    return True


def _match(run: Run, node: ir.Match, scope: Scope) -> bool:
    subject = run.evaluate(run, node.subject, scope)
    branches: list[Branch] = []
    irrefutable = False
    for case in node.cases:
        origin = Origin(scope.module, case)
        values = [run.evaluate(run, value, scope) for value in case.values]
        if isinstance(subject, Const) and len(values) == 1 and isinstance(values[0], Const):
            if subject.value != values[0].value and not subject.configurable:
                continue
        for name in case.captures:
            scope.bind(name, subject)
        irrefutable = irrefutable or (not values and case.guard is None)
        condition = Condition(Operation("match", [subject, *values], origin), False, origin)
        branches.append(Branch(condition, _suite(run, case.body, scope)))
    if not irrefutable:
        branches.append(Branch(None, lambda: True))
    return branch(run, scope, branches)


def _suite(run: Run, body: tuple[ir.Stmt, ...], scope: Scope) -> Callable[[], bool]:
    return lambda: execute(run, body, scope)


def _assert(run: Run, node: ir.Assert, scope: Scope) -> bool:
    test = run.evaluate(run, node.test, scope)
    if operators.truth(test) is None:
        run.conditions.append(Condition(test, False, Origin(scope.module, node.test)))
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
    ir.If: _if,
    ir.For: _for,
    ir.While: _while,
    ir.Try: _try,
    ir.With: _with,
    ir.Function: _function,
    ir.Class: _class,
    ir.Import: _modules,
    ir.ImportFrom: _imported,
    ir.Delete: _delete,
    ir.Assert: _assert,
    ir.Match: _match,
    ir.Jump: lambda run, node, scope: node.kind == "pass",
    ir.Scope: _scope,
    ir.TypeAlias: _type_alias,
}
