"""The ids of operations: FastAPI's own, or what the project's function makes."""

from __future__ import annotations

import re

from rules.evaluation.machine import Machine
from rules.evaluation.values import Arguments, Const, FunctionValue, Sequence, Symbol, Value
from rules.project.openapi.json_values import by_default, text_value
from rules.project.openapi.route_options import RouteOptions
from rules.project.routing.routes import Route

_CONVERTOR = re.compile(r"{(\w+):\w+}")


def path_format(path: str) -> str:
    """A path without its convertors: `/files/{name:path}` is `/files/{name}`."""
    return _CONVERTOR.sub(r"{\1}", path)


def operation_id(machine: Machine, route: Route, options: RouteOptions, path: str) -> str | None:
    """The id of a route's operations, which is one for all its methods; None where it is not known.

    Of several methods FastAPI takes any for the id, a set's first; here it is the first of the alphabet.
    """
    given = options.own.get("operation_id")
    if given is not None and not (isinstance(given, Const) and given.value is None):
        return text_value(given)
    made = options.nearest("generate_unique_id_function")
    if made is not None:
        return _made(machine, by_default(made), route, path)
    name = re.sub(r"\W", "_", f"{route.name}{path}")
    return f"{name}_{min(route.methods).lower()}" if route.methods else None


def _made(machine: Machine, function: Value, route: Route, path: str) -> str | None:
    if not isinstance(function, FunctionValue):
        return None
    attributes: dict[str, Value] = {
        "name": Const(route.name),
        "path": Const(path),
        "path_format": Const(path),
        "methods": Sequence("set", [Const(method) for method in sorted(route.methods)]),
        "tags": Sequence("list", [Const(tag) for tag in route.tags]),
        "endpoint": route.handler,
        "operation_id": Const(None),
    }
    described = Symbol("route", "route", None, attributes)
    trace = machine.trace(function, Arguments([described]), route.origin)
    return None if trace.value is None else text_value(trace.value)
