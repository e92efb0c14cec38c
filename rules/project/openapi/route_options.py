"""What a route, its routers, their inclusions and the application say of one operation."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import Const, Dictionary, External, Value, alternatives
from rules.project.openapi.json_values import by_default, json_value
from rules.project.routing.framework import is_application
from rules.project.routing.recording import options
from rules.project.routing.registrations import Inclusion, Mounting
from rules.project.routing.routes import Route


@dataclass(frozen=True, slots=True)
class RouteOptions:
    """The arguments that count for a route, its own first, then outwards to the application's."""

    levels: tuple[dict[str, Value], ...]

    @property
    def own(self) -> dict[str, Value]:
        """The arguments of the route's own decorator or registering call."""
        return self.levels[0]

    def nearest(self, *names: str) -> Value | None:
        """The innermost level's value under any of the names; None where no level gives one."""
        for level in self.levels:
            for name in names:
                if name in level:
                    return level[name]
        return None

    def any_true(self, name: str) -> bool:
        """Whether any level sets a flag."""
        return any(json_value(level.get(name)) is True for level in self.levels)

    def merged(self, name: str) -> list[tuple[Value, Value]] | None:
        """The items of dicts of all levels, the inner ones last; None where one is not known."""
        found: list[tuple[Value, Value]] = []
        for level in reversed(self.levels):
            given = by_default(level[name]) if name in level else Const(None)
            if isinstance(given, Dictionary):
                found += given.items
            if isinstance(given, Dictionary) and given.is_open:
                return None
            if not isinstance(given, Dictionary | Const):
                return None
        return found


def route_options(route: Route) -> RouteOptions:
    """The levels of a route: decorator, router, inclusion, the router around it, …, application."""
    context = route.placed.context
    levels = [options(context.application).keywords]
    for step in _within_application(route.steps):
        levels += [step.arguments.keywords, _router_options(step.router)]
    return RouteOptions((route.placed.endpoint.arguments.keywords, *reversed(levels)))


def _within_application(steps: tuple[Inclusion | Mounting, ...]) -> list[Inclusion]:
    """The inclusions below the last mounted application."""
    found: list[Inclusion] = []
    for step in steps:
        if isinstance(step, Mounting):
            found = []
        else:
            found.append(step)
    return found


def _router_options(router: Value) -> dict[str, Value]:
    first = alternatives(router)[0].value
    return {} if is_application(first) or isinstance(first, External) else options(first).keywords
