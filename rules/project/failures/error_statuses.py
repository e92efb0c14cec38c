"""The error statuses that a route can answer with, and those that its description has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.project.failures.catching import Catching
from rules.project.failures.raised import Raised, leaving
from rules.project.isolation.inspection import Inspection
from rules.project.openapi.json_values import json_value
from rules.project.openapi.route_options import route_options
from rules.project.routing.routes import Route

_VALIDATION = 422
"""FastAPI describes it by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Undocumented:
    """Statuses that a route raises and does not declare, each with its first raise."""

    inspection: Inspection
    raised: dict[int, Raised]


def error_statuses(inspection: Inspection, catching: Catching) -> dict[int, Raised]:
    """The statuses of HTTP errors that leave the route, each with its first raise, in ascending order."""
    found: dict[int, Raised] = {}
    for raised in leaving(inspection, catching):
        if raised.is_http_error and raised.status is not None and raised.status >= 400:
            found.setdefault(raised.status, raised)
    return dict(sorted(found.items()))


def declared_statuses(route: Route) -> frozenset[str] | None:
    """The keys of `responses`, of the route and all around it; None where they are not known."""
    given = route_options(route).merged("responses")
    if given is None:
        return None
    keys = [json_value(key) for key, _ in given]
    return None if any(isinstance(key, dict) for key in keys) else frozenset(str(k).upper() for k in keys)


def undocumented(inspection: Inspection, catching: Catching) -> Undocumented | None:
    """What the route raises and does not declare; None where all is declared, or nobody can know."""
    route = inspection.route
    if route.kind != "api" or not route.include_in_schema:
        return None
    declared = declared_statuses(route)
    if declared is None or "DEFAULT" in declared:
        return None
    found = {
        status: raised
        for status, raised in error_statuses(inspection, catching).items()
        if status != _VALIDATION and not {str(status), f"{status // 100}XX"} & declared
    }
    return Undocumented(inspection, found) if found else None


def all_undocumented(inspections: tuple[Inspection, ...], catching: Catching) -> Iterator[Undocumented]:
    """Those of all routes, in their order."""
    for inspection in inspections:
        found = undocumented(inspection, catching)
        if found is not None:
            yield found
