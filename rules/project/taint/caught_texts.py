"""Texts of caught exceptions inside terms: `str(error)`, `error.args`, tracebacks."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import (
    Application,
    Choice,
    Dictionary,
    Instance,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.paths import Tests
from rules.project.isolation.terms import argument_values, called_name
from rules.project.taint.library_calls import library_call

_TEXTS = frozenset(
    {"str", "repr", "format", "list", "tuple", "dict", "bytes", "ascii", "jsonable_encoder", "dumps", "join"}
)
_PARTS = frozenset(
    {
        "args", "orig", "message", "msg", "statement", "params", "strerror", "__cause__", "stderr",
        "output", "detail", "filename",
    }
)  # fmt: skip
_TRACEBACKS = frozenset(
    {
        "format_exc", "format_exception", "format_tb", "format_exception_only", "exc_info", "format_stack",
    }
)  # fmt: skip
_MAX_NODES = 400


def caught_in(value: Value) -> Iterator[tuple[Value, Symbol | None, Tests]]:
    """The texts of caught exceptions inside a value; None for the exception of a traceback."""
    pending: list[tuple[Value, Tests]] = [(value, ())]
    seen: set[int] = set()
    while pending and len(seen) < _MAX_NODES:
        node, conditions = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Symbol) and node.role == "caught":
            yield node, node, conditions
        elif isinstance(node, Application) and _is_traceback(node):
            yield node, None, conditions
        elif isinstance(node, Choice):
            pending.extend((a.value, conditions + a.conditions) for a in node.alternatives)
        else:
            pending.extend((part, conditions) for part in _parts(node))


def _is_traceback(node: Application) -> bool:
    call = library_call(node)
    return call is not None and call.library in {"traceback", "sys"} and call.method in _TRACEBACKS


def _parts(node: Value) -> list[Value]:
    match node:
        case Operation(operator="f" | "+" | "%" | "or" | "and" | "|", operands=operands):
            return operands
        case Sequence(items=items):
            return items
        case Dictionary(items=pairs):
            return [value for _, value in pairs]
        case Item(of=of):
            return [of]
        case Member(of=of, name=name):
            return [of] if name in _PARTS else []
        case Instance():
            return [*argument_values(node.arguments), *node.attributes.values()]
        case Application(function=Member(of=of)) if _is_text_call(node):
            return [of, *argument_values(node.arguments)]
        case Application() if _is_text_call(node):
            return argument_values(node.arguments)
        case _:
            return []


def _is_text_call(node: Application) -> bool:
    name = called_name(node)
    return name in _TEXTS or name in {
        "strip",
        "replace",
        "with_traceback",
        "splitlines",
        "split",
        "model_dump",
        "__str__",
    }
