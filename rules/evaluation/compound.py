"""Compound statements: branches, loops, `try`, `with`, `match`."""

from __future__ import annotations

from collections.abc import Callable

from rules.evaluation import operators
from rules.evaluation.branches import Branch, branch
from rules.evaluation.imports import import_from, import_modules
from rules.evaluation.run import Run
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


def if_statement(run: Run, node: ir.If, scope: Scope) -> bool:
    """Both branches where the test cannot be decided."""
    test = run.evaluate(run, node.test, scope)
    known = operators.truth(test)
    if known is False and isinstance(test, External) and test.name.endswith(".TYPE_CHECKING"):
        _bind_types(run, node.body, scope)
    if known is not None:
        return run.execute(run, node.body if known else node.otherwise, scope)
    origin = Origin(scope.module, node.test)
    return branch(
        run,
        scope,
        [
            Branch(Condition(test, negated=False, origin=origin), lambda: run.execute(run, node.body, scope)),
            Branch(
                Condition(test, negated=True, origin=origin), lambda: run.execute(run, node.otherwise, scope)
            ),
        ],
    )


def _bind_types(run: Run, body: tuple[ir.Stmt, ...], scope: Scope) -> None:
    """Names imported for type checkers alone are bound without executing their modules."""
    for statement in body:
        if isinstance(statement, ir.ImportFrom):
            import_from(run, statement, scope, deferred=True)
        elif isinstance(statement, ir.Import):
            import_modules(run, statement, scope)


def for_statement(run: Run, node: ir.For, scope: Scope) -> bool:
    """Each item in turn, or the body once for an iterable that is not known."""
    iterable = run.evaluate(run, node.iterable, scope)
    base = len(run.conditions)
    for item, certain in each(iterable, Origin(scope.module, node)):
        run.step()
        assign(run, node.target, item, scope)
        if certain:
            run.execute(run, node.body, scope)
        else:
            once = Condition(
                Symbol("each", "each", iterable), negated=False, origin=Origin(scope.module, node.iterable)
            )
            branch(
                run,
                scope,
                [Branch(once, lambda: run.execute(run, node.body, scope)), Branch(None, lambda: True)],
            )
        del run.conditions[base:]
    return run.execute(run, node.otherwise, scope)


def while_statement(run: Run, node: ir.While, scope: Scope) -> bool:
    """The body at most once."""
    test = run.evaluate(run, node.test, scope)
    known = operators.truth(test)
    if known is False:
        return run.execute(run, node.otherwise, scope)
    condition = Condition(test, negated=False, origin=Origin(scope.module, node.test))
    base = len(run.conditions)
    branches = [Branch(condition, lambda: run.execute(run, node.body, scope)), Branch(None, lambda: True)]
    branch(run, scope, branches)
    del run.conditions[base:]
    return True


def try_statement(run: Run, node: ir.Try, scope: Scope) -> bool:
    """The suite, then each handler from the state before it."""

    def attempt() -> bool:
        return run.execute(run, node.body, scope) and run.execute(run, node.otherwise, scope)

    before = dict(scope.bindings)
    branches = [Branch(None, attempt)]
    for handler in node.handlers:
        types = None if handler.types is None else run.evaluate(run, handler.types, scope)
        caught = Symbol(handler.name or "", "caught", types)
        condition = Condition(caught, negated=False, origin=Origin(scope.module, handler))
        branches.append(Branch(condition, _handler(run, handler, scope, caught, before)))
    falls = branch(run, scope, branches)
    return run.execute(run, node.final, scope) and falls


def _handler(
    run: Run, handler: ir.Handler, scope: Scope, caught: Symbol, before: dict[str, Value]
) -> Callable[[], bool]:
    def enter() -> bool:
        for name in list(scope.bindings):
            if name not in before:
                del scope.bindings[name]
        if handler.name is not None:
            scope.bind(handler.name, caught)
        return run.execute(run, handler.body, scope)

    return enter


def with_statement(run: Run, node: ir.With, scope: Scope) -> bool:
    """The suite with what the context managers give."""
    for item in node.items:
        value = run.evaluate(run, item.context, scope)
        entered = _entered(run, value, Origin(scope.module, item))
        if item.target is not None:
            assign(run, item.target, entered, scope)
    return run.execute(run, node.body, scope)


def _entered(run: Run, value: Value, origin: Origin) -> Value:
    if isinstance(value, Sequence) and value.kind == "generator":
        return value.items[0]
    if isinstance(value, Instance):
        for name in ("__aenter__", "__enter__"):
            found = run.attribute(run, value, name, origin)
            if isinstance(found, FunctionValue):
                return run.call(run, found, Arguments(), origin)
    return value


def match_statement(run: Run, node: ir.Match, scope: Scope) -> bool:
    """The case that fits, or each that may."""
    subject = run.evaluate(run, node.subject, scope)
    branches: list[Branch] = []
    irrefutable = False
    for case in node.cases:
        origin = Origin(scope.module, case)
        values = [run.evaluate(run, value, scope) for value in case.values]
        certain = _compared(subject, values)
        if certain is False:
            continue
        if certain and not branches and case.guard is None:
            return run.execute(run, case.body, scope)
        for name in case.captures:
            scope.bind(name, subject)
        irrefutable = irrefutable or (not values and case.guard is None)
        if irrefutable and not branches:
            return run.execute(run, case.body, scope)
        condition = Condition(Operation("match", [subject, *values], origin), negated=False, origin=origin)
        branches.append(Branch(condition, _suite(run, case.body, scope)))
    if not irrefutable:
        branches.append(Branch(None, lambda: True))
    return branch(run, scope, branches)


def _compared(subject: Value, values: list[Value]) -> bool | None:
    """Whether a pattern of one constant fits a constant subject."""
    if len(values) != 1 or not isinstance(subject, Const) or not isinstance(values[0], Const):
        return None
    return None if subject.configurable else subject.value == values[0].value


def _suite(run: Run, body: tuple[ir.Stmt, ...], scope: Scope) -> Callable[[], bool]:
    return lambda: run.execute(run, body, scope)
