"""Terms as text, to tell whether two of them are the same thing: `Settings().SECRET_KEY`."""

from __future__ import annotations

from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Item,
    Member,
    Operation,
    Symbol,
    Value,
)

_DEPTH = 8


def term_text(value: Value | None, depth: int = 0) -> str:
    """The text; equal for terms that were made in the same way, whichever run made them."""
    below = depth + 1
    if value is None or depth > _DEPTH:
        return "…"
    match value:
        case Const(value=scalar):
            return repr(scalar)
        case (
            External(name=name) | Symbol(name=name) | ClassValue(qualname=name) | FunctionValue(qualname=name)
        ):
            return name
        case Member(of=of, name=name):
            return f"{term_text(of, below)}.{name}"
        case Item(of=of, key=key):
            return f"{term_text(of, below)}[{term_text(key, below)}]"
        case Instance(cls=cls):
            return f"{cls.qualname}()"
        case Application(function=function, arguments=arguments):
            given = ", ".join(term_text(a, below) for a in arguments.positional)
            return f"{term_text(function, below)}({given})"
        case Operation(operator=operator, operands=operands):
            return f" {operator} ".join(term_text(o, below) for o in operands)
        case Choice(alternatives=found):
            return " | ".join(term_text(a.value, below) for a in found)
        case _:
            return type(value).__name__
