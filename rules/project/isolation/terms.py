"""Questions about terms: what they are made of, which call they are, what they were before a cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rules.evaluation.values import (
    Application,
    Arguments,
    Choice,
    ClassValue,
    Const,
    Dictionary,
    External,
    FunctionValue,
    Instance,
    Item,
    Member,
    Operation,
    Parametrized,
    Sequence,
    Symbol,
    Value,
)

MAX_NODES = 4000
_CASTS = frozenset(
    {
        "str", "int", "UUID", "cast", "col", "float", "PydanticObjectId", "literal", "bindparam", "desc",
        "asc", "type_coerce", "coalesce", "lower", "upper", "bool",
    }
)  # fmt: skip
_CAST_METHODS = frozenset({"cast", "label", "lower", "upper", "strip", "hex", "desc", "asc"})


def called_name(value: Value) -> str:
    """The last segment of what a call calls: `first` for `x.first()`, `select` for `sqlmodel.select()`."""
    if not isinstance(value, Application):
        return ""
    function = value.function
    return function.name if isinstance(function, Member) else name_of(function)


def name_of(value: Value) -> str:
    """The last segment of a value's own name; empty where it has none."""
    read = _NAMES.get(type(value))
    return "" if read is None else read(value)


# By type: `match` would try class after class, millions of times in a review.
_NAMES: dict[type[Value], Callable[[Any], str]] = {
    Member: lambda value: value.name,
    Symbol: lambda value: value.name,
    External: lambda value: value.name.rpartition(".")[2],
    ClassValue: lambda value: value.qualname.rpartition(".")[2],
    FunctionValue: lambda value: value.qualname.rpartition(".")[2],
    Parametrized: lambda value: name_of(value.base),
}


def receiver(value: Value) -> Value | None:
    """`x` of the method call `x.m(…)`."""
    if isinstance(value, Application) and isinstance(value.function, Member):
        return value.function.of
    return None


def library_of(value: Value) -> str:
    """The top package of an external callable; empty for anything else."""
    inner = value
    while isinstance(inner, Member | Application | Parametrized):
        inner = (
            inner.of
            if isinstance(inner, Member)
            else inner.function
            if isinstance(inner, Application)
            else inner.base
        )
    return inner.name.partition(".")[0] if isinstance(inner, External) else ""


def argument_values(arguments: Arguments) -> list[Value]:
    """All arguments, positional first."""
    return [*arguments.positional, *arguments.keywords.values()]


def children(value: Value) -> list[Value]:
    """The values that a term is directly made of."""
    read = _CHILDREN.get(type(value))
    return [] if read is None else read(value)


def _of_application(value: Application) -> list[Value]:
    arguments = value.arguments
    found = [value.function, *arguments.positional]
    if arguments.keywords:
        found += arguments.keywords.values()
    if value.attributes:
        found += value.attributes.values()
    return found


def _of_instance(value: Instance) -> list[Value]:
    return [*argument_values(value.arguments), *value.attributes.values()]


_CHILDREN: dict[type[Value], Callable[[Any], list[Value]]] = {
    Application: _of_application,
    Instance: _of_instance,
    Member: lambda value: [value.of],
    Item: lambda value: [value.of] if value.key is None else [value.of, value.key],
    FunctionValue: lambda value: [] if value.bound is None else [value.bound],
    Operation: lambda value: value.operands,
    Sequence: lambda value: value.items,
    Dictionary: lambda value: [part for pair in value.items for part in pair],
    Choice: lambda value: [alternative.value for alternative in value.alternatives],
    Symbol: lambda value: list(value.attributes.values()),
}


def walk(value: Value, *, stop: Callable[[Value], bool] | None = None) -> Iterator[Value]:
    """`value` and everything it is made of, each once; what `stop` accepts is given but not entered."""
    seen = {id(value)}
    pending = [value]
    while pending and len(seen) < MAX_NODES:
        current = pending.pop()
        yield current
        if stop is not None and stop(current):
            continue
        read = _CHILDREN.get(type(current))
        for child in read(current) if read is not None else ():
            if id(child) not in seen:
                seen.add(id(child))
                pending.append(child)


def contains(value: Value, part: Value) -> bool:
    """Whether `part` is `value` or something it is made of."""
    return any(node is part for node in walk(value))


def plain(value: Value) -> Value:
    """What is inside casts that keep a value's identity: `str(x)`, `UUID(x)`, `col(T.c)`, `x.hex`."""
    for _ in range(8):
        inner = _uncast(value)
        if inner is None:
            return value
        value = inner
    return value


def _uncast(value: Value) -> Value | None:
    if not isinstance(value, Application):
        return value.of if isinstance(value, Member) and value.name in {"hex", "value"} else None
    name = called_name(value)
    if isinstance(value.function, Member) and name in _CAST_METHODS:
        return value.function.of
    if name in _CASTS and value.arguments.positional:
        position = -1 if name == "cast" and library_of(value.function) == "typing" else 0
        return value.arguments.positional[position]
    return None


def constant_text(value: Value | None) -> str | None:
    """The text of a string constant."""
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None
