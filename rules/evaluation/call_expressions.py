"""Call expressions: arguments evaluated and unpacked, `super()` resolved."""

from __future__ import annotations

from rules.evaluation.run import Run
from rules.evaluation.scopes import Scope
from rules.evaluation.values import (
    Arguments,
    Const,
    Dictionary,
    External,
    Operation,
    Origin,
    Sequence,
    Unknown,
    Value,
)
from rules.ir import nodes as ir


def arguments_of(run: Run, node: ir.Call, scope: Scope) -> Arguments:
    """Evaluated arguments, with stars unpacked where their content is known."""
    found = Arguments()
    for item in node.arguments:
        if isinstance(item, ir.Starred):
            _spread(found, run.evaluate(run, item.value, scope))
        else:
            found.positional.append(run.evaluate(run, item, scope))
    for keyword in node.keywords:
        value = run.evaluate(run, keyword.value, scope)
        if keyword.name is not None:
            found.keywords[keyword.name] = value
        else:
            _spread_keywords(found, value)
    return found


def _spread(found: Arguments, value: Value) -> None:
    if isinstance(value, Sequence):
        found.positional.extend(value.items)
        found.is_open = found.is_open or value.is_open
    else:
        found.is_open = True


def _spread_keywords(found: Arguments, value: Value) -> None:
    if not isinstance(value, Dictionary):
        found.is_open = True
        found.keywords.setdefault("**", value)
        return
    found.is_open = found.is_open or value.is_open
    for key, item in value.items:
        if isinstance(key, Const) and isinstance(key.value, str):
            # What is spread after named keys may replace them: the reader needs the whole display.
            found.keywords[key.value] = value if key.value == "**" else item
        else:
            found.is_open = True


def call_expression(run: Run, node: ir.Call, scope: Scope) -> Value:
    """A call's value."""
    function = run.evaluate(run, node.function, scope)
    origin = Origin(scope.module, node)
    if isinstance(function, External) and function.name == "builtins.super" and not node.arguments:
        return _super(run, scope, origin)
    if isinstance(function, External) and function.name in (
        "builtins.locals",
        "builtins.globals",
        "builtins.vars",
    ):
        return Unknown("a namespace as a dict")
    return run.call(run, function, arguments_of(run, node, scope), origin)


def _super(run: Run, scope: Scope, origin: Origin) -> Value:
    owner, bound = scope.lookup("__class__"), scope.lookup("__self__")
    if owner is None or bound is None:
        return Unknown("super() outside a method")
    return Operation("super", [owner, bound], origin)
