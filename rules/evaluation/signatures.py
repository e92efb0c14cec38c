"""Binding of arguments to the parameters of a project function."""

from __future__ import annotations

from rules.evaluation.run import Run
from rules.evaluation.scopes import Scope
from rules.evaluation.values import Arguments, Const, Dictionary, FunctionValue, Sequence, Unknown, Value
from rules.ir import nodes as ir


def bind(run: Run, function: FunctionValue, arguments: Arguments, scope: Scope) -> None:
    """Bind every parameter in `scope`; what is not passed gets its default, else an unknown."""
    positional = list(arguments.positional)
    if function.bound is not None:
        positional.insert(0, function.bound)
    keywords = dict(arguments.keywords)
    for parameter in function.node.parameters:
        scope.bindings[parameter.name] = _value(run, function, parameter, positional, keywords, arguments)


def _value(
    run: Run,
    function: FunctionValue,
    parameter: ir.Parameter,
    positional: list[Value],
    keywords: dict[str, Value],
    arguments: Arguments,
) -> Value:
    if parameter.kind == "*":
        rest = Sequence("tuple", list(positional), arguments.is_open)
        positional.clear()
        return rest
    if parameter.kind == "**":
        rest_items: list[tuple[Value, Value]] = [(Const(k), v) for k, v in keywords.items()]
        return Dictionary(rest_items, arguments.is_open)
    if parameter.kind != "keyword" and positional:
        return positional.pop(0)
    if parameter.name in keywords:
        return keywords.pop(parameter.name)
    if arguments.is_open:
        return Unknown(f"{parameter.name} may be among the unpacked arguments")
    if parameter.default is not None:
        return run.evaluate(run, parameter.default, function.scope)
    return Unknown(f"{parameter.name} is not passed")
