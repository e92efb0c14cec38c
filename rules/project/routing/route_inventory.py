"""The public inventory of routes and middleware."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rules.inventory import MiddlewareRecord, RouteInventory, RouteRecord
from rules.project.routing.applications import WebApplication
from rules.project.routing.conditions import holds_by_default
from rules.project.routing.routes import Route

Access = Callable[[Route], tuple[str, bool, str]]


def unknown_access(_route: Route) -> tuple[str, bool, str]:
    """Authentication, privilege and scope where nobody computed them."""
    return "unknown", False, "unknown"


def route_inventory(
    routes: Iterable[Route], applications: Iterable[WebApplication], access: Access = unknown_access
) -> RouteInventory:
    """The JSON of `routes`: HTTP operations; websockets are routes without methods."""
    records = tuple(_record(route, access) for route in routes)
    middleware = tuple(MiddlewareRecord(a.label, tuple(m.name for m in a.middleware)) for a in applications)
    return RouteInventory(records, middleware)


def _record(route: Route, access: Access) -> RouteRecord:
    auth, privileged, scope = access(route)
    flat = [d for d in route.dependant.flat() if holds_by_default(d.conditions)]
    place = route.definition_place
    return RouteRecord(
        app=route.app,
        methods=route.methods,
        path=route.path,
        name=route.name,
        handler=route.qualified,
        file=place.path,
        line=place.line,
        status_code=route.status_code,
        response_model=route.response_model,
        include_in_schema=route.include_in_schema,
        tags=route.tags,
        dependencies=tuple(sorted({d.name for d in flat if d.name})),
        security_schemes=tuple(sorted({d.scheme for d in flat if d.scheme is not None})),
        auth=auth,
        privileged=privileged,
        scope=scope,
        conditions=route.condition_texts,
        resolved=route.resolved,
    )
