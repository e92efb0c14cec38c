"""Generic classes: their parameters, what stands for them, and how Pydantic spells the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from rules.evaluation.machine import Machine
from rules.evaluation.values import Application, ClassValue, Const, External, Parametrized, Value
from rules.ir import nodes as ir
from rules.project.annotations import called
from rules.project.openapi.json_values import json_value
from rules.project.routing.framework import dotted, split

Environment: TypeAlias = dict[object, Value]
"""What stands for each type parameter, by the key of `type_variable`."""
_MAX_DEPTH = 20


def type_variable(value: Value) -> object | None:
    """The key of a type parameter: the `TypeVar` object, or the name of one in brackets (PEP 695)."""
    if called(value) == "TypeVar":
        return id(value)
    if isinstance(value, External) and value.name.startswith("typing.TypeVar."):
        return value.name
    return None


def type_parameters(machine: Machine, cls: ClassValue) -> list[object]:
    """The parameters of a class in order."""
    if cls.node.type_parameters:
        return [f"typing.TypeVar.{name}" for name in cls.node.type_parameters]
    found: dict[object, None] = {}
    for base in cls.node.bases:
        if isinstance(base, ir.Subscript):
            value = machine.annotation(base, cls.scope.parent or cls.scope)
            names = dict.fromkeys(_variables(value, 0))
            if isinstance(value, Parametrized) and split(dotted(value.base))[1] in {"Generic", "Protocol"}:
                return list(names)
            found |= names
    return list(found)


def _variables(value: Value, depth: int) -> Iterator[object]:
    key = type_variable(value)
    if key is not None:
        yield key
    elif isinstance(value, Parametrized) and depth < _MAX_DEPTH:
        for argument in value.arguments:
            yield from _variables(argument, depth + 1)


def substitute(value: Value, environment: Environment) -> Value:
    """A type with its parameters replaced."""
    if not environment:
        return value
    key = type_variable(value)
    if key is not None:
        return environment.get(key, value)
    if isinstance(value, Parametrized):
        arguments = [substitute(argument, environment) for argument in value.arguments]
        if any(a is not b for a, b in zip(arguments, value.arguments, strict=True)):
            return Parametrized(value.base, arguments, value.bar)
    return value


def environment_of(machine: Machine, cls: ClassValue, arguments: list[Value]) -> Environment:
    """What a class's parameters stand for."""
    return dict(zip(type_parameters(machine, cls), arguments, strict=False))


def environments(machine: Machine, cls: ClassValue, arguments: list[Value]) -> dict[int, Environment]:
    """What the parameters of a class and of all its bases stand for, by the identity of each class."""
    found: dict[int, Environment] = {}
    pending: list[tuple[ClassValue, Environment]] = [(cls, environment_of(machine, cls, arguments))]
    while pending:
        current, environment = pending.pop(0)
        if id(current) in found:
            continue
        found[id(current)] = environment
        for base in current.bases:
            if isinstance(base, ClassValue):
                pending.append((base, {}))
            elif isinstance(base, Parametrized) and isinstance(base.base, ClassValue):
                given = [substitute(a, environment) for a in base.arguments]
                pending.append((base.base, environment_of(machine, base.base, given)))
    return found


def display(value: Value, depth: int = 0) -> str:
    """A type argument as Pydantic spells it in names (`pydantic._internal._repr.display_as_type`)."""
    if depth > _MAX_DEPTH:
        return "…"
    match value:
        case Const(value=None):
            return "NoneType"
        case Const():
            return repr(json_value(value))
        case ClassValue(qualname=qualname):
            return qualname
        case Parametrized():
            return _parametrized(value, depth)
        case External(name=name):
            return "Any" if name.endswith(".object") and not name.startswith("builtins") else split(name)[1]
        case Application():
            return str(json_value(value.arguments.get(0, "name")))
        case _:
            return "Unknown"


def _parametrized(value: Parametrized, depth: int) -> str:
    name = split(dotted(value.base))[1] or display(value.base, depth + 1)
    arguments = [display(argument, depth + 1) for argument in value.arguments]
    if name == "Annotated":
        return f"Annotated[{', '.join(arguments)}]"
    if name in {"Union", "UnionType", "Optional"}:
        missing = ["NoneType"] if name == "Optional" else []
        return f"Union[{', '.join([*arguments, *missing])}]"
    return f"{name}[{', '.join(arguments)}]"


def applied_name(name: str, arguments: list[Value], separator: str) -> str:
    """A generic class's name with its arguments."""
    return f"{name}[{separator.join(display(argument) for argument in arguments)}]" if arguments else name


def type_identity(value: Value) -> object:
    """What tells one type from another: `Page[Item]` is the same wherever it is written."""
    match value:
        case Parametrized(base=base, arguments=arguments):
            return (type_identity(base), *(type_identity(argument) for argument in arguments))
        case External(name=name):
            return name
        case Const(value=scalar):
            return repr(scalar)
        case _:
            return id(value)
