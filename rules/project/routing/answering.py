"""Whether a middleware may answer a request itself instead of passing it on."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from rules.evaluation.attributes import find_in_class
from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Condition,
    Effect,
    FunctionValue,
    Instance,
    Origin,
    Symbol,
    Value,
)
from rules.project.routing.framework import base_classes, library_classes, split
from rules.project.routing.middleware import Middleware

_REFUSING = frozenset(
    {
        "AuthenticationMiddleware", "SlowAPIMiddleware", "SlowAPIASGIMiddleware", "RateLimitMiddleware",
        "CSRFMiddleware", "AuthMiddleware", "JWTMiddleware",
    }
)  # fmt: skip
_ROUTING = frozenset({"TrustedHostMiddleware", "HTTPSRedirectMiddleware"})


@dataclass(frozen=True, slots=True)
class Answer:
    """That a middleware answers by itself, and where; None inside a library.

    `guards` tells one that the usual caller meets (authentication, limits) from one that turns strays away.
    """

    origin: Origin | None
    guards: bool


def own_answer(machine: Machine, middleware: Middleware) -> Answer | None:
    """How the middleware answers by itself; None where it passes everything on or is not known."""
    if isinstance(middleware.dispatch, FunctionValue):
        return _dispatched(machine, middleware.dispatch)
    cls = middleware.cls
    if isinstance(cls, ClassValue):
        return _of_class(machine, cls, middleware)
    for name in base_classes(cls):
        if split(name)[1] in _REFUSING:
            return Answer(None, guards=True)
        if split(name)[1] in _ROUTING:
            return Answer(None, guards=False)
    return None


def _of_class(machine: Machine, cls: ClassValue, middleware: Middleware) -> Answer | None:
    instance = Instance(cls, middleware.entry.arguments, middleware.origin)
    for name, run in (("dispatch", _dispatched), ("__call__", _called)):
        found = find_in_class(cls, name)
        if found is not None and isinstance(found[0], FunctionValue):
            return run(machine, structs.replace(found[0], bound=instance))
    return None


def _dispatched(machine: Machine, function: FunctionValue) -> Answer | None:
    """`dispatch(request, call_next)` answers if it can return without having called `call_next`."""
    call_next = Symbol("call_next", "call_next")
    arguments = Arguments([Symbol("request", "request"), call_next])
    trace = machine.trace(function, arguments, Origin(function.module, function.node))
    passed = [e.conditions for e in trace.effects if _calls(e, call_next)]
    for effect in trace.effects:
        ends = (effect.kind == "return" and len(effect.stack) == 1) or (
            effect.kind == "raise" and _is_http(effect)
        )
        if ends and not _caught(effect) and not any(_within(p, effect.conditions) for p in passed):
            return Answer(effect.origin, guards=True)
    return None


def _called(machine: Machine, function: FunctionValue) -> Answer | None:
    """`__call__(scope, receive, send)` answers if it sends a response object that it made itself."""
    arguments = Arguments([Symbol(name, name) for name in ("scope", "receive", "send")])
    trace = machine.trace(function, arguments, Origin(function.module, function.node))
    for effect in trace.effects:
        if (
            isinstance(effect.value, Application)
            and _is_response(effect.value.function)
            and not _caught(effect)
        ):
            return Answer(effect.origin, guards=True)
    return None


def _calls(effect: Effect, target: Value) -> bool:
    return isinstance(effect.value, Application) and effect.value.function is target


def _is_response(value: Value) -> bool:
    return any(split(name)[1].endswith("Response") for name in library_classes(value))


def _is_http(effect: Effect) -> bool:
    return any(split(name)[1] == "HTTPException" for name in library_classes(effect.value))


def _caught(effect: Effect) -> bool:
    return any(isinstance(c.test, Symbol) and c.test.role == "caught" for c in effect.conditions)


def _within(outer: tuple[Condition, ...], inner: tuple[Condition, ...]) -> bool:
    """Whether everything assumed on one path is assumed on the other too."""
    return all(any(c is o for o in inner) for c in outer)
