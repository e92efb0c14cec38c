"""List, set, dict and generator comprehensions."""

from __future__ import annotations

from rules.evaluation import operators
from rules.evaluation.run import Run
from rules.evaluation.scopes import Scope
from rules.evaluation.targets import assign, each
from rules.evaluation.values import (
    Alternative,
    Choice,
    Condition,
    Dictionary,
    Origin,
    Sequence,
    Value,
    alternatives,
)
from rules.ir import nodes as ir

_MAX_ITEMS = 500


def comprehension(run: Run, node: ir.Comprehension, scope: Scope) -> Value:
    """Each element where the iterables are known; one element that stands for all where they are not."""
    inner = Scope("comprehension", scope.module, scope, scope.qualname)
    result: Sequence | Dictionary = Dictionary([]) if node.kind == "dict" else Sequence(node.kind, [])
    if node.kind == "generator" and isinstance(result, Sequence):
        result.kind = "list"
    run.own(result)
    base = len(run.conditions)
    _loop(run, node, 0, inner, result, base)
    del run.conditions[base:]
    return result


def _loop(
    run: Run, node: ir.Comprehension, depth: int, scope: Scope, result: Sequence | Dictionary, base: int
) -> None:
    if depth == len(node.generators):
        _element(run, node, scope, result, base)
        return
    generator = node.generators[depth]
    iterable = run.evaluate(run, generator.iterable, scope)
    for item, certain in each(iterable, Origin(scope.module, generator)):
        if len(result.items) >= _MAX_ITEMS:
            result.is_open = True
            return
        run.step()
        result.is_open = result.is_open or not certain
        assign(run, generator.target, item, scope)
        before = len(run.conditions)
        if _passes(run, generator, scope, result):
            _loop(run, node, depth + 1, scope, result, base)
        del run.conditions[before:]


def _passes(run: Run, generator: ir.Generator, scope: Scope, result: Sequence | Dictionary) -> bool:
    for test_node in generator.conditions:
        test = run.evaluate(run, test_node, scope)
        known = operators.truth(test)
        if known is False:
            return False
        if known is None:
            result.is_open = True
            run.conditions.append(Condition(test, negated=False, origin=Origin(scope.module, test_node)))
    return True


def _element(
    run: Run, node: ir.Comprehension, scope: Scope, result: Sequence | Dictionary, base: int
) -> None:
    value = run.evaluate(run, node.element, scope)
    if isinstance(result, Dictionary):
        if node.value is not None:
            result.items.append((value, run.evaluate(run, node.value, scope)))
        return
    conditions = tuple(run.conditions[base:])
    result.items.append(value if not conditions else choose_under(value, conditions))


def choose_under(value: Value, conditions: tuple[Condition, ...]) -> Value:
    """A value that holds only under conditions: a choice of one."""
    return Choice(tuple(Alternative(a.value, conditions + a.conditions) for a in alternatives(value)))
