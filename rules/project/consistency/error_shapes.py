"""The shapes of error bodies: what each place in the code that makes an error puts into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Arguments,
    Const,
    Dictionary,
    Effect,
    External,
    Instance,
    Operation,
    Origin,
    Sequence,
    Value,
    alternatives,
)
from rules.ir import nodes as ir
from rules.project.failures.catching import Catching
from rules.project.failures.raised import leaving
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.terms import called_name
from rules.project.routing.framework import base_classes, split
from rules.project.routing.readings import status

_TEXT = "a text"
_TEXTS = frozenset({"str", "format", "join", "dumps"})


@dataclass(frozen=True, slots=True, eq=False)
class ErrorSite:
    """A place that makes an error body of a shape: `shape` is that of the whole JSON body, in words."""

    inspection: Inspection
    effect: Effect
    shape: str

    @property
    def origin(self) -> Origin:
        """The raise or the call that makes the response."""
        return self.effect.origin


def error_sites(
    inspections: Iterable[Inspection], catching: Catching, *, bare_responses: bool
) -> Iterator[ErrorSite]:
    """Each place once; those that make a response of their own only where they are asked for."""
    seen: set[int] = set()
    for inspection in inspections:
        if inspection.route.kind != "api":
            continue
        found = [*_raised(inspection, catching), *(_answered(inspection) if bare_responses else ())]
        for site in found:
            if id(site.origin.node) not in seen:
                seen.add(id(site.origin.node))
                yield site


def _raised(inspection: Inspection, catching: Catching) -> Iterator[ErrorSite]:
    for raised in leaving(inspection, catching):
        code = raised.status
        if code is None or code < 400 or not isinstance(raised.effect.origin.node, ir.Raise):
            continue
        detail = raised.detail
        shape = _TEXT if detail is None else shape_of(detail)
        if shape is not None:
            yield ErrorSite(inspection, raised.effect, f"`detail` with {shape}")


def _answered(inspection: Inspection) -> Iterator[ErrorSite]:
    """JSON responses with an error's status that the handler gives back."""
    value = inspection.run.handler.value
    given = {id(a.value) for a in alternatives(value)} if value is not None else set()
    for effect in inspection.run.handler.effects:
        arguments = _json_error(effect.value) if effect.kind == "call" and id(effect.value) in given else None
        body = arguments.get(0, "content") if arguments is not None else None
        shape = shape_of(body) if body is not None else None
        if shape is not None:
            yield ErrorSite(inspection, effect, _as_detail(body, shape))


def _json_error(value: Value) -> Arguments | None:
    if not isinstance(value, Application | Instance):
        return None
    made = value.function if isinstance(value, Application) else value.cls
    if not any(split(name)[1] in {"JSONResponse", "ORJSONResponse"} for name in base_classes(made)):
        return None
    code = status(value.arguments.get(1, "status_code"))
    return value.arguments if code is not None and code >= 400 else None


def _as_detail(body: Value | None, shape: str) -> str:
    """`{"detail": …}` is what FastAPI itself makes of an HTTP error."""
    if isinstance(body, Dictionary) and len(body.items) == 1 and (detail := body.get("detail")) is not None:
        return f"`detail` with {shape_of(detail) or 'something'}"
    return f"a body with {shape}"


def shape_of(value: Value) -> str | None:
    """A JSON value's shape: a text, a list, or an object by its keys; None where it is not known."""
    shapes = {_shape(choice.value) for choice in alternatives(value)}
    return next(iter(shapes)) if len(shapes) == 1 else None


def _shape(value: Value) -> str | None:
    match value:
        case Const(value=str() | None) | Operation(operator="f" | "+" | "%"):
            return _TEXT
        case Dictionary(is_open=False, items=items) if all(isinstance(key, Const) for key, _ in items):
            keys = sorted(str(key.value) for key, _ in items if isinstance(key, Const))
            return "an object of " + ", ".join(f"`{key}`" for key in keys)
        case Sequence():
            return "a list"
        case Application(function=External()) if called_name(value) in _TEXTS:
            return _TEXT
        case Application() if called_name(value) in _TEXTS:
            return _TEXT
        case _:
            return None
