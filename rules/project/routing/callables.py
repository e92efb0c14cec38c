"""Names and definitions of callables as Python knows them at run time."""

from __future__ import annotations

from rules.evaluation.attributes import find_in_class
from rules.evaluation.values import (
    Application,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Item,
    Member,
    Origin,
    Parametrized,
    Value,
    alternatives,
)
from rules.project.routing.framework import canonical, dotted

_CHAIN = 20
_CACHES = ("functools.lru_cache", "functools.cache")


def unwrapped(value: Value) -> Value:
    """What stands behind `functools.wraps` and `functools.partial`, and the first of several choices."""
    for _ in range(_CHAIN):
        chosen = alternatives(value)[0].value
        if isinstance(chosen, FunctionValue) and chosen.wraps is not None:
            value = chosen.wraps
        elif (inner := partial_of(chosen)) is not None:
            value = inner
        elif chosen is value:
            return value
        else:
            value = chosen
    return value


def partial_of(value: Value) -> Value | None:
    """The function of a `functools.partial(function, …)`."""
    if isinstance(value, Application) and dotted(value.function) == "functools.partial":
        return value.arguments.get(0, "func")
    return None


def is_cached(value: Value) -> bool:
    """Whether `functools.lru_cache` turned the function into an object of its own class."""
    if not isinstance(value, FunctionValue) or value.bound is not None:
        return False
    decorators = [d.decorator for d in value.decorations]
    names = [dotted(d.function if isinstance(d, Application) else d) for d in decorators]
    return any(name in _CACHES for name in names)


def qualified_name(value: Value) -> str:
    """`module.qualname` of a callable (an instance's class, a partial's function); empty where unknown."""
    value = alternatives(value)[0].value
    if is_cached(value):
        return "functools._lru_cache_wrapper"
    match value:
        case FunctionValue(wraps=inner) if inner is not None:
            return qualified_name(inner)
        case Parametrized(base=inner) | Item(of=inner):
            return qualified_name(inner)
        case Application():
            held = partial_of(value)
            return qualified_name(held if held is not None else value.function)
        case FunctionValue(bound=bound) if bound is not None:
            return _bound_name(value, bound)
        case FunctionValue() | ClassValue():
            return value.qualified
        case Instance(cls=cls):
            return cls.qualified
        case External() | Member():
            return canonical(dotted(value))
        case _:
            return ""


def _bound_name(function: FunctionValue, bound: Value) -> str:
    cls = bound.cls if isinstance(bound, Instance) else bound
    last = function.qualname.rpartition(".")[2]
    return f"{cls.qualified}.{last}" if isinstance(cls, ClassValue) else function.qualified


def route_name(value: Value) -> str:
    """The name that Starlette gives an endpoint: its `__name__`, else its class's."""
    value = alternatives(value)[0].value
    if partial_of(value) is not None:
        return "partial"
    inner = unwrapped(value)
    return inner.qualname.rpartition(".")[2] if isinstance(inner, FunctionValue) else _last(inner)


def _last(value: Value) -> str:
    return qualified_name(value).rpartition(".")[2]


def held_by_class(value: Value | None) -> Value | None:
    """`Backend.scheme` as the object that a class of the project holds under that name."""
    if isinstance(value, Member) and isinstance(value.of, ClassValue):
        found = find_in_class(value.of, value.name)
        return value if found is None else found[0]
    return value


def definition(value: Value) -> Origin | None:
    """Where a callable is defined: the `def`, `lambda` or `class` behind wrappers."""
    match unwrapped(value):
        case FunctionValue(module=module, node=node):
            return Origin(module, node)
        case ClassValue(module=module, node=node) | Instance(cls=ClassValue(module=module, node=node)):
            return Origin(module, node)
        case _:
            return None
