"""The operations that the code implements, each with its route and its part of the extracted document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.project.openapi.document import document, served
from rules.project.openapi.operation_ids import path_format
from rules.project.routing.applications import WebApplication
from rules.project.routing.routes import Route
from rules.specification.operations import Operation

if TYPE_CHECKING:
    from rules.project.project import Project

_PLACEHOLDER = re.compile(r"{[^{}]*}")


@dataclass(frozen=True, slots=True)
class Implemented:
    """An operation with its path in the outermost application, and the route that serves it."""

    operation: Operation
    route: Route


@dataclass(frozen=True, slots=True)
class Surface:
    """What an outermost application serves.

    `hidden` are the routes that no document shows; `is_whole` is False where routes may not have been found.
    """

    application: WebApplication
    operations: dict[tuple[str, str], Implemented]
    hidden: tuple[Route, ...]
    is_whole: bool

    def serves_hidden(self, method: str, path: str) -> bool:
        """Whether a route that is in no document may serve a path."""
        return any(_may_serve(route, method, path) for route in self.hidden)


def plain_path(path: str) -> str:
    """A path without the names of its parameters and without a slash at its end."""
    return _PLACEHOLDER.sub("{}", path).rstrip("/") or "/"


def surfaces(project: Project) -> Iterator[Surface]:
    """One surface for each application that no other mounts."""
    for application in project.applications:
        if application.is_mounted:
            continue
        routes = [route for route in project.routes if route.application is application]
        found: dict[tuple[str, str], Implemented] = {}
        for made in _implemented(project, application):
            found.setdefault((made.operation.method, plain_path(made.operation.path)), made)
        shown = {id(made.route) for made in found.values()}
        hidden = tuple(route for route in routes if id(route) not in shown)
        whole = not application.unresolved and not application.truncated
        whole = whole and all(route.path_known for route in routes)
        yield Surface(application, found, hidden, whole)


def _implemented(project: Project, outermost: WebApplication) -> Iterator[Implemented]:
    for application in project.applications:
        shown = [(r, p) for r, p in served(project, application) if r.application is outermost]
        described = document(project, application) if shown else {}
        for route, path in shown:
            item = described["paths"].get(path_format(path), {})
            for method in sorted(route.methods):
                own = item.get(method.lower())
                if own is not None:
                    full = path_format(route.path)
                    yield Implemented(Operation(described, method.lower(), full, 0, own), route)


def _may_serve(route: Route, method: str, path: str) -> bool:
    if route.methods and method.upper() not in route.methods:
        return False
    pieces = _PLACEHOLDER.split(path_format(route.path) if ":path}" not in route.path else route.path)
    rest = ".*" if route.kind.startswith("raw") or ":path}" in route.path else "[^/]*"
    pattern = rest.join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern + "/?", path) is not None or plain_path(route.path) == plain_path(path)
