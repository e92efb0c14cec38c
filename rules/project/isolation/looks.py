"""What a function does with one of its parameters: tests it, passes it on, reads its attributes, nothing."""

from __future__ import annotations

import enum

from rules.evaluation.machine import Machine
from rules.evaluation.values import FunctionValue, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.routing.callables import unwrapped


class Look(enum.IntEnum):
    """The closest that a function looks at a parameter."""

    UNUSED = 0
    ATTRIBUTE = 1
    PASSED = 2
    TESTED = 3


def look_at(machine: Machine, function: Value, parameter: str) -> Look:
    """How closely the function looks; PASSED where it cannot be read."""
    inner = unwrapped(function)
    if not isinstance(inner, FunctionValue):
        return Look.PASSED
    found = Look.UNUSED
    accounted = 0
    names = 0
    for node in walk(machine.body(inner)):
        if isinstance(node, ir.Name) and node.id == parameter:
            names += 1
        if any(_is(part, parameter) for part in _tests(node)):
            return Look.TESTED
        if isinstance(node, ir.Attribute) and _is(node.value, parameter):
            found = max(found, Look.ATTRIBUTE)
            accounted += 1
        elif isinstance(node, ir.Template):
            accounted += sum(_is(part, parameter) for part in node.parts)
    return found if names == accounted else Look.PASSED


def _tests(node: ir.Node) -> tuple[ir.Expr, ...]:
    """The expressions whose truth or identity a node asks for."""
    match node:
        case ir.If(test=test) | ir.While(test=test) | ir.Conditional(test=test) | ir.Assert(test=test):
            return (test,)
        case ir.Boolean(values=values):
            return values
        case ir.Unary(operator="not", operand=operand):
            return (operand,)
        case ir.Comparison(left=left, rights=rights):
            return (left, *rights)
        case ir.Match(subject=subject):
            return (subject,)
        case _:
            return ()


def _is(expression: ir.Expr, name: str) -> bool:
    return isinstance(expression, ir.Name) and expression.id == name
