"""Taking registrations down: what each method of an application or router adds to its register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec import structs

from rules.evaluation.values import (
    Alternative,
    Application,
    Arguments,
    Condition,
    Const,
    Effect,
    Instance,
    Origin,
    Value,
    alternatives,
)
from rules.project.routing.conditions import holds_by_default
from rules.project.routing.framework import called, router_of
from rules.project.routing.readings import items
from rules.project.routing.registrations import (
    Endpoint,
    Entry,
    Inclusion,
    MiddlewareEntry,
    Mounting,
    Register,
    Registered,
)

_ROUTE_CLASSES = {
    "APIRoute": "api",
    "APIWebSocketRoute": "websocket",
    "WebSocketRoute": "raw-websocket",
    "Route": "raw",
}
_ASSIGNABLE = ("tags", "dependencies", "include_in_schema", "lifespan")


@dataclass(frozen=True, slots=True)
class Site:
    """A registering call: whose register it goes to, the effect, its place in the order of all."""

    register: Register
    effect: Effect
    order: int
    arguments: Arguments

    def under(self, conditions: tuple[Condition, ...]) -> Site:
        """The site where more is assumed."""
        return replace(
            self, effect=structs.replace(self.effect, conditions=self.effect.conditions + conditions)
        )

    def at(self, origin: Origin, arguments: Arguments) -> Site:
        """The site with another call as its place."""
        return replace(self, effect=structs.replace(self.effect, origin=origin), arguments=arguments)

    def base(self) -> Registered:
        """What every registration takes from its site."""
        effect = self.effect
        return Registered(
            order=self.order,
            origin=effect.origin,
            conditions=effect.conditions,
            stack=effect.stack,
            arguments=self.arguments,
        )

    def argument(self, position: int | None, *names: str) -> Value | None:
        """An argument by position or any of its names over FastAPI's versions."""
        return next((v for name in names if (v := self.arguments.get(position, name)) is not None), None)


def add_endpoint(
    site: Site, kind: str, methods: Value | tuple[str, ...] | None, handler: Value | None
) -> None:
    """Add a handler under the path that the arguments give; each alternative of a choice for itself."""
    for alternative in alternatives(handler) if handler is not None else ():
        base = site.under(alternative.conditions).base()
        entry: Entry = Endpoint(
            order=base.order,
            origin=base.origin,
            conditions=base.conditions,
            stack=base.stack,
            arguments=base.arguments,
            kind=kind,
            path=site.arguments.get(0, "path"),
            methods=methods,
            handler=alternative.value,
        )
        site.register.entries.append(entry)


def _add_api_route(site: Site) -> None:
    add_endpoint(site, "api", site.argument(None, "methods"), site.argument(1, "endpoint"))


def _add_websocket(site: Site) -> None:
    add_endpoint(site, "websocket", (), site.argument(1, "endpoint", "route"))


def _add_raw_websocket(site: Site) -> None:
    add_endpoint(site, "raw-websocket", (), site.argument(1, "endpoint", "route"))


def _add_raw(site: Site) -> None:
    add_endpoint(site, "raw", site.argument(2, "methods"), site.argument(1, "endpoint", "route"))


def _include(site: Site) -> None:
    router = site.argument(0, "router")
    for alternative in by_default_first(router) if router is not None else ():
        base = site.under(alternative.conditions).base()
        target = router_of(alternative.value) or alternative.value
        site.register.entries.append(
            Inclusion(
                order=base.order,
                origin=base.origin,
                conditions=base.conditions,
                stack=base.stack,
                arguments=base.arguments,
                router=target,
            )
        )


def by_default_first(value: Value) -> list[Alternative]:
    """The alternatives of a choice, those that hold with the settings' defaults before the others."""
    return sorted(alternatives(value), key=lambda a: not holds_by_default(a.conditions))


def _mount(site: Site) -> None:
    app = site.argument(1, "app")
    for alternative in alternatives(app) if app is not None else ():
        base = site.under(alternative.conditions).base()
        site.register.entries.append(
            Mounting(
                order=base.order,
                origin=base.origin,
                conditions=base.conditions,
                stack=base.stack,
                arguments=base.arguments,
                path=site.arguments.get(0, "path"),
                application=alternative.value,
            )
        )


def add_middleware(site: Site, *, in_constructor: bool = False, dispatch: Value | None = None) -> None:
    """Add a middleware class, or with `dispatch` the function of `@app.middleware("http")`."""
    cls = Const(None) if dispatch is not None else site.argument(0, "middleware_class", "cls")
    for alternative in alternatives(cls) if cls is not None else ():
        base = site.under(alternative.conditions).base()
        site.register.middleware.append(
            MiddlewareEntry(
                order=base.order,
                origin=base.origin,
                conditions=base.conditions,
                stack=base.stack,
                arguments=base.arguments,
                cls=alternative.value,
                dispatch=dispatch or site.arguments.keywords.get("dispatch"),
                in_constructor=in_constructor,
            )
        )


def _event_handler(site: Site) -> None:
    add_startup(site, site.arguments.get(0, "event_type"), site.argument(1, "func"))


def add_startup(site: Site, event: Value | None, handler: Value | None) -> None:
    """Add a start-up handler."""
    if isinstance(event, Const) and event.value == "startup" and handler is not None:
        site.register.startup.append((handler, site.effect.origin))


METHODS: dict[str, Callable[[Site], None]] = {
    "add_api_route": _add_api_route,
    "add_api_websocket_route": _add_websocket,
    "add_websocket_route": _add_raw_websocket,
    "add_route": _add_raw,
    "include_router": _include,
    "mount": _mount,
    "add_middleware": add_middleware,
    "add_event_handler": _event_handler,
}
"""What the methods of applications and routers do."""


def add_route_object(site: Site, route: Value) -> None:
    """`APIRoute(path, endpoint)`, `Route`, `WebSocketRoute` and `Mount` objects of a list of routes."""
    if not isinstance(route, Application | Instance):
        return
    made = site.at(route.origin, options(route))
    if called(route, "Mount"):
        _mount(made)
        return
    for cls, kind in _ROUTE_CLASSES.items():
        if called(route, cls):
            add_endpoint(made, kind, made.argument(None, "methods"), made.argument(1, "endpoint"))
            return


def add_constructed(site: Site) -> None:
    """What an application or router was made with: routes, middleware, start-up handlers."""
    given = site.arguments.keywords
    for route, conditions in items(given.get("routes")):
        add_route_object(site.under(conditions), route)
    for middleware, conditions in items(given.get("middleware")):
        if isinstance(middleware, Application):
            add_middleware(
                site.under(conditions).at(middleware.origin, middleware.arguments), in_constructor=True
            )
    for handler, _ in items(given.get("on_startup")):
        site.register.startup.append((handler, site.effect.origin))
    lifespan = given.get("lifespan")
    if lifespan is not None:
        site.register.startup.append((lifespan, site.effect.origin))


def options(value: Value) -> Arguments:
    """What a library's constructor was given, with what was assigned to the object afterwards."""
    if not isinstance(value, Application | Instance):
        return Arguments()
    keywords = dict(value.arguments.keywords)
    for name in _ASSIGNABLE:
        if name in value.attributes and (isinstance(value, Application) or name not in keywords):
            keywords[name] = value.attributes[name]
    return Arguments(list(value.arguments.positional), keywords, value.arguments.is_open)
