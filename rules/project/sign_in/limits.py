"""Sign-in endpoints without a limit to guessing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.evaluation.values import Application, FunctionValue, Value
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.terms import called_name, library_of, name_of, walk
from rules.project.sign_in.endpoints import Kind
from rules.project.taint.contexts import Context

_LIMITS = re.compile(
    r"rate_?limit|limiter|throttl|captcha|turnstile|too_?many|attempts|lock_?out|locked|brute|slowapi|failed_?login",
    re.IGNORECASE,
)
_LIBRARIES = (
    b"slowapi",
    b"fastapi_limiter",
    b"fastapi-limiter",
    b"aiolimiter",
    b"pyrate_limiter",
    b"ratelimit",
)


@dataclass(frozen=True, slots=True, eq=False)
class Unlimited:
    """Endpoints of one kind without a limit; `elsewhere` where other routes of the project have one."""

    inspection: Inspection
    kind: Kind
    elsewhere: bool


def unlimited(
    endpoints: Sequence[tuple[Context, Kind]], inspections: Sequence[Inspection], *, has_library: bool
) -> Iterator[Unlimited]:
    """Each such endpoint where the project limits others; else the first of them for the whole project."""
    tried = [(c.inspection, kind) for c, kind in endpoints if c.inspection is not None]
    open_ = [(i, kind) for i, kind in tried if kind is not Kind.REGISTRATION and not is_limited(i)]
    elsewhere = (
        has_library or any(_is_decorated(i) for i in inspections) or any(is_limited(i) for i, _ in tried)
    )
    for inspection, kind in open_ if elsewhere else open_[:1]:
        yield Unlimited(inspection, kind, elsewhere)


def imports_limiter(data: bytes) -> bool:
    """Whether a file uses a library that limits rates."""
    return any(name in data for name in _LIBRARIES)


def is_limited(inspection: Inspection) -> bool:
    """Whether a decorator, dependency, middleware or something that the route does counts attempts."""
    route = inspection.route
    if _is_decorated(inspection) or any(_LIMITS.search(m.label) for m in route.application.middleware):
        return True
    for effect in inspection.run.log.effects:
        if effect.kind in {"call", "set"} and _LIMITS.search(f"{called_name(effect.value)} {effect.name}"):
            return True
        if effect.kind == "raise" and _is_refusal(effect.value):
            return True
        if any(_LIMITS.search(name_of(node)) for c in effect.conditions for node in walk(c.test)):
            return True
        for origin in effect.stack[1:]:
            if _LIMITS.search(origin.module.source.segment(origin.node).partition("(")[0]):
                return True
    return False


def _is_decorated(inspection: Inspection) -> bool:
    call = inspection.route.dependant.call
    if isinstance(call, FunctionValue):
        if any(_LIMITS.search(_text(d.decorator)) for d in call.decorations):
            return True
        source = call.module.source
        if any(_LIMITS.search(source.segment(d)) for d in getattr(call.node, "decorators", ())):
            return True
    return any(_LIMITS.search(below.name) for below in inspection.route.dependant.flat())


def _text(decorator: Value) -> str:
    return f"{library_of(decorator)} {called_name(decorator)} {name_of(decorator)}"


def _is_refusal(value: Value) -> bool:
    """Whether an exception says "too many requests"."""
    if not isinstance(value, Application):
        return False
    status = value.arguments.get(0, "status_code")
    return status is not None and "429" in f"{name_of(status)} {getattr(status, 'value', '')}"
