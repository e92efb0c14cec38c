"""Request bodies that nothing validates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Item, Member, Origin, Parametrized, Symbol, Value
from rules.project.annotations import external_name, generic_name, shape
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.requests import RequestRun
from rules.project.isolation.roles import Connection
from rules.project.isolation.terms import called_name, receiver, walk
from rules.project.routing.parameters import Parameter
from rules.project.routing.routes import Route

_WRITING = frozenset({"POST", "PUT", "PATCH"})
_LOOSE = frozenset({"dict", "Dict", "Any", "object", "Mapping", "MutableMapping", "list", "List"})
_MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping"})
_LISTS = frozenset({"list", "List", "Sequence"})
_SIGNED = re.compile(r"signature|hmac|webhook", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UntypedBody:
    """A body without a type: `parameter`, or None where the handler parses it; `read` is the first use."""

    route: Route
    parameter: Parameter | None
    origin: Origin
    read: str


def untyped_body(inspection: Inspection) -> UntypedBody | None:
    """The route's untyped body; None for typed ones, for signed webhooks, and where nothing is taken out."""
    route, run = inspection.route, inspection.run
    if route.kind != "api" or not _WRITING & set(route.methods) or _is_signed(route, run):
        return None
    for parameter in route.dependant.parameters:
        if parameter.location == "body" and is_loose(parameter.annotation):
            return UntypedBody(route, parameter, parameter.origin or route.origin, "")
    return _parsed_by_hand(route, run)


def is_loose(annotation: Value | None) -> bool:
    """Whether a type lets any object pass: `dict`, `Any`, `dict[str, Any]`, `list[dict]`."""
    if annotation is None:
        return True
    base = shape(annotation).base
    name = generic_name(base)
    if isinstance(base, Parametrized):
        if name in _MAPPINGS:
            return len(base.arguments) < 2 or is_loose(base.arguments[1])
        return name in _LISTS and (not base.arguments or is_loose(base.arguments[0]))
    return external_name(base) in _LOOSE


def _is_signed(route: Route, run: RequestRun) -> bool:
    """Whether a signature over the raw body is checked, as for a webhook."""
    names = [route.name, *(p.alias for p in route.dependant.all_parameters())]
    names += [called_name(call) for call in run.calls]
    return any(_SIGNED.search(name) for name in names)


def _parsed_by_hand(route: Route, run: RequestRun) -> UntypedBody | None:
    """`body = await request.json()` of the handler, then `body["name"]` or `body.get("name")`."""
    parsed = {id(call): call for call in run.calls if _is_parsing(call)}
    for effect in run.handler.effects if parsed else ():
        for key, call in _taken(effect.value, parsed):
            return UntypedBody(route, None, call.origin, key)
    value = run.handler.value
    for key, call in _taken(value, parsed) if value is not None and parsed else ():
        return UntypedBody(route, None, call.origin, key)
    return None


def _is_parsing(call: Application) -> bool:
    of = receiver(call)
    return called_name(call) == "json" and isinstance(of, Symbol) and isinstance(of.role, Connection)


def _taken(value: Value, parsed: dict[int, Application]) -> Iterator[tuple[str, Application]]:
    for node in walk(value):
        if isinstance(node, Item) and id(node.of) in parsed:
            yield _key(node.key), parsed[id(node.of)]
        elif isinstance(node, Application) and called_name(node) in {"get", "pop"}:
            of = node.function.of if isinstance(node.function, Member) else None
            if of is not None and id(of) in parsed:
                yield _key(node.arguments.get(0, "key")), parsed[id(of)]


def _key(value: Value | None) -> str:
    found = getattr(value, "value", None)
    return found if isinstance(found, str) else ""
