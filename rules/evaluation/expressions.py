"""Evaluation of expressions."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from rules.evaluation import operators
from rules.evaluation.call_expressions import call_expression
from rules.evaluation.comprehensions import comprehension
from rules.evaluation.run import PathEnded, Run
from rules.evaluation.scopes import Scope
from rules.evaluation.subscripts import subscript
from rules.evaluation.values import (
    Alternative,
    Condition,
    Const,
    Deferred,
    Dictionary,
    External,
    FunctionValue,
    Operation,
    Origin,
    Sequence,
    Unknown,
    Value,
    alternatives,
    choose,
)
from rules.ir import nodes as ir

_BUILTINS = frozenset(dir(builtins))


def evaluate(run: Run, node: ir.Expr, scope: Scope) -> Value:
    """The value of an expression. Raises PathEnded where evaluating it always raises."""
    return _TABLE[type(node)](run, node, scope)


def origin_of(node: ir.Node, scope: Scope) -> Origin:
    """The place of a node evaluated in a scope."""
    return Origin(scope.module, node)


def resolve(run: Run, value: Value) -> Value:
    """A deferred import's value, once its module has it."""
    for _ in range(20):
        if not isinstance(value, Deferred):
            return value
        scope = run.module_scope(value.module)
        found = scope.bindings.get(value.name)
        if found is None or found is value:
            return Unknown(f"{value.module.dotted} has no {value.name}")
        value = found
    return Unknown("circular import")


def _name(run: Run, node: ir.Name, scope: Scope) -> Value:
    value = scope.lookup(node.id)
    if value is not None:
        return resolve(run, value) if isinstance(value, Deferred) else value
    if node.id in _BUILTINS:
        return External(f"builtins.{node.id}")
    sources = scope.globals.star_sources
    if len(sources) == 1:
        return External(f"{sources[0]}.{node.id}")
    return Unknown(f"{node.id} comes from a star import" if sources else f"{node.id} is not defined")


def _constant(run: Run, node: ir.Constant, scope: Scope) -> Value:
    if node.kind == "":
        return Const(node.value)
    if node.kind == "bytes":
        return Const(str(node.value).encode("latin-1"))
    return External("builtins.Ellipsis") if node.kind == "ellipsis" else Unknown("number")


def _attribute(run: Run, node: ir.Attribute, scope: Scope) -> Value:
    return run.attribute(run, evaluate(run, node.value, scope), node.name, Origin(scope.module, node))


def _collection(run: Run, node: ir.Collection, scope: Scope) -> Value:
    items: list[Value] = []
    is_open = False
    for item in node.items:
        if isinstance(item, ir.Starred):
            inner = evaluate(run, item.value, scope)
            if isinstance(inner, Sequence):
                items.extend(inner.items)
                is_open = is_open or inner.is_open
            else:
                is_open = True
        else:
            items.append(evaluate(run, item, scope))
    result = Sequence(node.kind, items, is_open)
    run.own(result)
    return result


def _mapping(run: Run, node: ir.Mapping, scope: Scope) -> Value:
    result = Dictionary([])
    for key, item in zip(node.keys, node.values, strict=True):
        value = evaluate(run, item, scope)
        if key is not None:
            result.items.append((evaluate(run, key, scope), value))
        elif isinstance(value, Dictionary):
            result.items.extend(value.items)
            result.is_open = result.is_open or value.is_open
        else:
            result.is_open = True
            result.items.append((Const("**"), value))
    run.own(result)
    return result


def _binary(run: Run, node: ir.Binary, scope: Scope) -> Value:
    left, right = evaluate(run, node.left, scope), evaluate(run, node.right, scope)
    return operators.binary(node.operator, left, right, Origin(scope.module, node))


def _comparison(run: Run, node: ir.Comparison, scope: Scope) -> Value:
    origin = Origin(scope.module, node)
    left = evaluate(run, node.left, scope)
    results: list[Value] = []
    for symbol, right_node in zip(node.operators, node.rights, strict=True):
        right = evaluate(run, right_node, scope)
        results.append(operators.compare(symbol, left, right, origin))
        left = right
    return results[0] if len(results) == 1 else Operation("and", results, origin)


def _boolean(run: Run, node: ir.Boolean, scope: Scope) -> Value:
    base = len(run.conditions)
    stops_at = node.operator == "or"
    kept: list[Value] = []
    for item in node.values:
        try:
            value = evaluate(run, item, scope)
        except PathEnded:
            if not kept:
                raise
            del run.conditions[base + len(kept) - 1 :]
            run.conditions.append(
                Condition(kept[-1], negated=not stops_at, origin=Origin(scope.module, item))
            )
            return kept[-1] if len(kept) == 1 else Operation(node.operator, kept, Origin(scope.module, node))
        known = operators.truth(value)
        if known is stops_at:
            kept.append(value)
            break
        if known is not None and item is not node.values[-1]:
            continue
        kept.append(value)
        run.conditions.append(Condition(value, negated=stops_at, origin=Origin(scope.module, item)))
    del run.conditions[base:]
    return kept[0] if len(kept) == 1 else _combined(node, kept, scope)


def _combined(node: ir.Boolean, kept: list[Value], scope: Scope) -> Value:
    first, last = kept[0], kept[-1]
    if node.operator == "or" and len(kept) == 2 and isinstance(first, Const) and first.configurable:
        return first if first.value else last
    return Operation(node.operator, kept, Origin(scope.module, node))


def _unary(run: Run, node: ir.Unary, scope: Scope) -> Value:
    value = evaluate(run, node.operand, scope)
    origin = Origin(scope.module, node)
    return (
        operators.negate(value, origin)
        if node.operator == "not"
        else operators.unary(node.operator, value, origin)
    )


def _conditional(run: Run, node: ir.Conditional, scope: Scope) -> Value:
    test = evaluate(run, node.test, scope)
    known = operators.truth(test)
    if known is not None:
        return evaluate(run, node.body if known else node.otherwise, scope)
    found: list[Alternative] = []
    for branch, negated in ((node.body, False), (node.otherwise, True)):
        condition = Condition(test, negated=negated, origin=Origin(scope.module, node.test))
        run.conditions.append(condition)
        try:
            value = evaluate(run, branch, scope)
        except PathEnded:
            value = None
        run.conditions.pop()
        if value is not None:
            found += [Alternative(a.value, (condition, *a.conditions)) for a in alternatives(value)]
    if not found:
        raise PathEnded
    return choose(found)


def _lambda(run: Run, node: ir.Lambda, scope: Scope) -> Value:
    return FunctionValue(node, scope.module, scope, scope.child_qualname("<lambda>"))


def _template(run: Run, node: ir.Template, scope: Scope) -> Value:
    return operators.text([evaluate(run, part, scope) for part in node.parts], Origin(scope.module, node))


def _walrus(run: Run, node: ir.Walrus, scope: Scope) -> Value:
    value = evaluate(run, node.value, scope)
    if isinstance(node.target, ir.Name):
        target = scope
        while target.kind == "comprehension" and target.parent is not None:
            target = target.parent
        target.bind(node.target.id, value)
    return value


def _yield(run: Run, node: ir.Yield, scope: Scope) -> Value:
    value = Const(None) if node.value is None else evaluate(run, node.value, scope)
    run.log("yield", value, Origin(scope.module, node))
    if run.frames:
        run.frames[-1].yields.append(value)
    return Unknown("what is sent to a generator")


_TABLE: dict[type[Any], Callable[[Run, Any, Scope], Value]] = {
    ir.Name: _name,
    ir.Constant: _constant,
    ir.Attribute: _attribute,
    ir.Call: call_expression,
    ir.Subscript: lambda run, node, scope: subscript(
        run, evaluate(run, node.value, scope), evaluate(run, node.index, scope), Origin(scope.module, node)
    ),
    ir.Collection: _collection,
    ir.Mapping: _mapping,
    ir.Binary: _binary,
    ir.Comparison: _comparison,
    ir.Boolean: _boolean,
    ir.Unary: _unary,
    ir.Conditional: _conditional,
    ir.Lambda: _lambda,
    ir.Template: _template,
    ir.Await: lambda run, node, scope: evaluate(run, node.value, scope),
    ir.Starred: lambda run, node, scope: evaluate(run, node.value, scope),
    ir.Comprehension: comprehension,
    ir.Walrus: _walrus,
    ir.Slice: lambda run, node, scope: Sequence(
        "slice",
        [
            Const(None) if part is None else evaluate(run, part, scope)
            for part in (node.lower, node.upper, node.step)
        ],
    ),
    ir.Yield: _yield,
}
