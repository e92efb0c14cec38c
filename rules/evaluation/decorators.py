"""What a decorator makes of a function or class."""

from __future__ import annotations

from msgspec import structs

from rules.evaluation.library import decorated
from rules.evaluation.run import PathEnded, Run
from rules.evaluation.values import (
    Application,
    Arguments,
    Choice,
    ClassValue,
    Decoration,
    External,
    FunctionValue,
    Instance,
    Member,
    Origin,
    Unknown,
    Value,
)

_KEEPS = ("functools.lru_cache", "functools.cache", "pydantic.computed_field")


def decorate(run: Run, decorator: Value, target: Value, origin: Origin) -> Value:
    """The decorated value. A decorator that cannot be looked into leaves the target callable as it was."""
    if isinstance(decorator, Application) and isinstance(decorator.function, External):
        if decorator.function.name == "functools.wraps" and isinstance(target, FunctionValue):
            wrapped = decorator.arguments.get(0, "wrapped")
            return structs.replace(target, wraps=wrapped)
        if decorator.function.name in _KEEPS:
            return decorated(decorator.function.name, target)
    if isinstance(decorator, Member) and isinstance(decorator.of, FunctionValue):
        return decorator.of if decorator.name in ("setter", "deleter", "getter") else target
    if isinstance(decorator, FunctionValue | ClassValue | Instance) or _is_project_choice(decorator):
        try:
            made = run.call(run, decorator, Arguments([target]), origin)
        except PathEnded:
            made = Unknown("the decorator always raises")
        if isinstance(made, FunctionValue | ClassValue | Instance):
            return made
        return _marked(target, decorator, origin)
    made = run.call(run, decorator, Arguments([target]), origin)
    if isinstance(decorator, External) and made is not target and not isinstance(made, Application):
        return made
    return _marked(target, decorator, origin)


def _is_project_choice(value: Value) -> bool:
    return isinstance(value, Choice) and all(isinstance(a.value, FunctionValue) for a in value.alternatives)


def _marked(target: Value, decorator: Value, origin: Origin) -> Value:
    if isinstance(target, ClassValue):
        target.decorations = (*target.decorations, Decoration(decorator, origin))
    if isinstance(target, FunctionValue):
        return structs.replace(target, decorations=(*target.decorations, Decoration(decorator, origin)))
    return target
