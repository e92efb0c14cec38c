"""Routes: one fact for each handler at each place an application serves it, in matching order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import Condition, Origin, Value
from rules.finding import Place, TrailStep
from rules.project.routing.applications import Applications, WebApplication
from rules.project.routing.callables import definition, qualified_name, route_name
from rules.project.routing.conditions import condition_text
from rules.project.routing.dependants import Dependant, Dependants, unknown_in_libraries_alone
from rules.project.routing.inclusion import Placed
from rules.project.routing.middleware import Middleware
from rules.project.routing.readings import is_none, status, text, texts
from rules.project.routing.registrations import Inclusion, Mounting
from rules.project.routing.response_models import is_response, is_stream, type_text
from rules.project.versions import FrameworkVersion


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """A route as the running application would have it.

    `application` is the outermost application, `app` the label of the one that serves it (a mounted one's
    own); `kind` is `api`, `websocket`, `raw` or `raw-websocket`; `methods` is empty where they are unknown;
    `origin` is the decorator or registering call, `definition` the handler's `def`; `response_type` the
    evaluated response model. `steps` are the inclusions and mounts, outermost first. Without `resolved`
    some part (path, methods, handler, a dependency) could not be found out.
    """

    application: WebApplication
    app: str
    kind: str
    methods: tuple[str, ...]
    path: str
    name: str
    handler: Value
    qualified: str
    origin: Origin
    definition: Origin | None
    status_code: int | None
    response_model: str | None
    response_type: Value | None
    include_in_schema: bool
    tags: tuple[str, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[Inclusion | Mounting, ...]
    dependant: Dependant
    placed: Placed
    mounted_middleware: tuple[Middleware, ...]
    resolved: bool

    @property
    def is_websocket(self) -> bool:
        return self.kind.endswith("websocket")

    @property
    def path_known(self) -> bool:
        """Whether every part of the path and the methods could be found out."""
        own = text(self.placed.endpoint.path)
        return own.known and self.placed.context.prefix.known and (bool(self.methods) or self.kind != "api")

    @property
    def place(self) -> Place:
        """The decorator or the registering call."""
        return self.origin.module.source.place(self.origin.node)

    @property
    def definition_place(self) -> Place:
        """The handler's `def`, or where it is registered if it stands outside the project."""
        found = self.definition or self.origin
        return found.module.source.place(found.node)

    @property
    def title(self) -> str:
        """`GET /items/{id}`."""
        methods = ", ".join(self.methods) or ("WEBSOCKET" if self.is_websocket else "ANY")
        return f"{methods} {self.path}"

    @property
    def condition_texts(self) -> tuple[str, ...]:
        """Source text of what the route's presence depends on."""
        return tuple(condition_text(c) for c in self.conditions)

    @property
    def middleware(self) -> tuple[Middleware, ...]:
        """All middleware that a request for it meets, outermost first, of mounted applications too."""
        return self.application.middleware + self.mounted_middleware

    def trail(self) -> tuple[TrailStep, ...]:
        """How the route comes into the application: each inclusion and mount, then the registration."""
        steps = [_step(entry) for entry in self.steps]
        place = self.place
        return (*steps, TrailStep(place.path, place.line, f"`{self.title}` is registered"))


def _step(entry: Inclusion | Mounting) -> TrailStep:
    place = entry.origin.module.source.place(entry.origin.node)
    if isinstance(entry, Mounting):
        return TrailStep(place.path, place.line, f"mounted at `{text(entry.path).text}`")
    prefix = text(entry.arguments.keywords.get("prefix")).text
    under = f" under `{prefix}`" if prefix else ""
    return TrailStep(place.path, place.line, f"the router is included{under}")


class Routes:
    """Makes the routes of all applications."""

    def __init__(self, machine: Machine, applications: Applications) -> None:
        self._applications = applications
        self.dependants = Dependants(machine)

    def all(self) -> tuple[Route, ...]:
        """Every route of every application that is not itself mounted, in matching order."""
        return tuple(
            self._route(application, placed)
            for application in self._applications.all
            if not application.is_mounted
            for placed in application.placed
        )

    def _route(self, application: WebApplication, placed: Placed) -> Route:
        endpoint, context = placed.endpoint, placed.context
        own = text(endpoint.path)
        path = context.prefix.text + own.text
        api = endpoint.kind == "api"
        methods, methods_known = _methods(placed)
        declared = () if endpoint.kind.startswith("raw") else context.dependencies
        dependant = self.dependants.of_handler(endpoint.handler, path, declared, endpoint.controller)
        response = self._response_type(placed, application.version) if api else None
        known = own.known and context.resolved and methods_known and bool(qualified_name(endpoint.handler))
        return Route(
            application=application,
            app=self._applications.label_of(context.application),
            kind=endpoint.kind,
            methods=methods,
            path=path,
            name=text(endpoint.arguments.keywords.get("name"), route_name(endpoint.handler)).text,
            handler=endpoint.handler,
            qualified=qualified_name(endpoint.handler),
            origin=endpoint.origin,
            definition=definition(endpoint.handler),
            status_code=status(endpoint.arguments.keywords.get("status_code")) if api else None,
            response_model=None if response is None else type_text(response),
            response_type=response,
            include_in_schema=context.include_in_schema,
            tags=context.tags,
            conditions=self._applications.guards.kept(context.conditions),
            steps=context.steps,
            dependant=dependant,
            placed=placed,
            mounted_middleware=self._mounted_middleware(placed),
            resolved=known and (dependant.resolved or unknown_in_libraries_alone(dependant)),
        )

    def _mounted_middleware(self, placed: Placed) -> tuple[Middleware, ...]:
        mounted = [e.application for e in placed.context.steps if isinstance(e, Mounting)]
        return tuple(m for value in mounted for m in self._applications.middleware_of(value))

    def _response_type(self, placed: Placed, version: FrameworkVersion) -> Value | None:
        given = placed.endpoint.arguments.keywords.get("response_model")
        if given is not None:
            return None if is_none(given) else given
        if not version.reads_return_annotations:
            return None
        found = self.dependants.signatures.returns(placed.endpoint.handler)
        if found is None or is_none(found) or is_response(found) or is_stream(found):
            return None
        return found


def _methods(placed: Placed) -> tuple[tuple[str, ...], bool]:
    given = placed.endpoint.methods
    if placed.endpoint.kind.endswith("websocket"):
        return (), True
    if isinstance(given, tuple):
        return given, True
    if given is None or is_none(given):
        return ("GET",), True
    found = tuple(sorted({method.upper() for method in texts(given)}))
    return found, bool(found) and not any("{?}" in method for method in found)


def by_application(routes: Iterable[Route]) -> Iterator[tuple[WebApplication, list[Route]]]:
    """The routes grouped by their outermost application, in order."""
    groups: dict[int, tuple[WebApplication, list[Route]]] = {}
    for route in routes:
        groups.setdefault(id(route.application), (route.application, []))[1].append(route)
    yield from groups.values()
