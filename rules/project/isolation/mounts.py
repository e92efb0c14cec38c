"""Routes that protection around them does not reach: below a mount, raw Starlette routes, websockets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import ClassValue, Origin
from rules.finding import Place, TrailStep
from rules.project.isolation.authentication import Level
from rules.project.isolation.exposure import changes_data, constant_exposures, is_public
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.placement import place_of
from rules.project.isolation.publicness import configured, reason
from rules.project.routing.applications import WebApplication
from rules.project.routing.dependants import Dependant, Dependants
from rules.project.routing.inclusion import Context, Declared
from rules.project.routing.middleware import Middleware
from rules.project.routing.recording import options
from rules.project.routing.registrations import Inclusion, Mounting
from rules.project.routing.routes import Route
from rules.rule import Confidence

_SHOWN = 3


@dataclass(slots=True, kw_only=True)
class Escape:
    """What escapes a protection: `way` is `mount`, `raw` or `websocket`.

    `guard` names what protects the rest, `guarded` is where the guard is put around the others.
    """

    way: str
    place: Place
    guard: str
    guarded: Origin | None
    inspections: list[Inspection] = field(default_factory=list)

    @property
    def confidence(self) -> Confidence:
        """High where an escaped route is known to touch data."""
        surely = (
            (changes_data(i) or bool(i.guards.queries))
            and i.run.complete
            and i.route.resolved
            and not i.route.conditions
            for i in self.inspections
        )
        if any(surely):
            return Confidence.HIGH
        return Confidence.LOW if all(is_public(i) for i in self.inspections) else Confidence.MEDIUM

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """The protection, and the routes that it does not reach."""
        steps: list[TrailStep] = []
        if self.guarded is not None:
            place = place_of(self.guarded)
            steps.append(TrailStep(place.path, place.line, f"`{self.guard}` protects the other routes"))
        for inspection in self.inspections[:_SHOWN]:
            steps += inspection.route.trail()
            place = inspection.route.definition_place
            steps.append(TrailStep(place.path, place.line, f"`{inspection.route.name}` runs without it"))
        return tuple(steps)


def escapes(isolation: Isolation) -> tuple[Escape, ...]:
    """Every mount, raw route and websocket that an authenticating dependency or middleware does not cover."""
    guards = _Guards(isolation)
    found: dict[Place, Escape] = {}
    slips = {id(exposure.inspection) for exposure in constant_exposures(isolation)}
    for route in isolation.routes:
        escape = guards.escaped(route)
        if escape is None or configured(route, isolation.options.public):
            continue
        inspection = isolation.inspect(route)
        if (not _is_public(inspection) or id(inspection) in slips) and isolation.authenticator.of_request(
            inspection.run
        ).level is Level.NONE:
            found.setdefault(escape.place, escape).inspections.append(inspection)
    return tuple(found.values())


def _is_public(inspection: Inspection) -> bool:
    """As for other routes; but what a websocket returns says nothing of what it sends."""
    silent = reason(inspection.route, inspection.run) == "answers with constants"
    return is_public(inspection) and not (silent and inspection.route.is_websocket)


class _Guards:
    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation
        self._dependants = Dependants(isolation.machine)
        self._known: dict[tuple[int, ...], Dependant | None] = {}

    def escaped(self, route: Route) -> Escape | None:
        """How the route gets past what protects those around it; None where it does not, or nothing does."""
        mounting = next((s for s in reversed(route.steps) if isinstance(s, Mounting)), None)
        around = self._isolation.middleware.level(route)
        if route.is_websocket:
            middleware = _for_http_alone(route)
            if around is Level.REQUIRED and middleware is not None:
                return Escape(
                    way="websocket", place=route.place, guard=middleware.label, guarded=middleware.origin
                )
        if around is Level.REQUIRED:
            return None
        if route.kind.startswith("raw"):
            guard = self._guard(route, _before(route, None))
            return None if guard is None else _made("raw", route.place, guard)
        if mounting is not None:
            guard = self._guard(route, _before(route, mounting))
            return None if guard is None else _made("mount", place_of(mounting.origin), guard)
        return None

    def _guard(self, route: Route, declared: tuple[Declared, ...]) -> Dependant | None:
        """The authenticating one among the dependencies that lists declare."""
        key = tuple(id(d.value) for d in declared)
        if key not in self._known:
            listed = self._dependants.of_handler(route.handler, "", declared).dependencies
            asked = (d for d in listed if d.declared != "parameter" and not d.conditions)
            self._known[key] = next((d for d in asked if self._refuses(d)), None)
        return self._known[key]

    def _refuses(self, dependant: Dependant) -> bool:
        isolation = self._isolation
        return any(
            isolation.authenticator.level(isolation.requests.step(d)) is Level.REQUIRED
            for d in (dependant, *dependant.flat())
        )


def _made(way: str, place: Place, guard: Dependant) -> Escape:
    name = guard.name.rpartition(".")[2] or "the dependency"
    return Escape(way=way, place=place, guard=name, guarded=guard.declaration)


def _before(route: Route, last: Mounting | None) -> tuple[Declared, ...]:
    """What is declared around a route, up to its mount or, for a raw one, around the route itself."""
    application = route.application
    context = _inside(application)
    for step in route.steps:
        if step is last:
            break
        if isinstance(step, Inclusion):
            context = context.within(step.arguments, "include").within(options(step.router), "router")
        else:
            mounted = Context(application=step.application)
            context = mounted.within(options(step.application), "app")
    return context.dependencies


def _inside(application: WebApplication) -> Context:
    context = Context(application=application.value)
    return context.within(options(application.value), "app", application.register.dependencies)


def _for_http_alone(route: Route) -> Middleware | None:
    """The middleware that could authenticate, if none of them sees the connection of a websocket."""
    own = [m for m in route.middleware if m.dispatch is not None or isinstance(m.cls, ClassValue)]
    return own[0] if own and all(_is_http_alone(own)) else None


def _is_http_alone(middleware: Iterable[Middleware]) -> Iterator[bool]:
    for entry in middleware:
        names = entry.cls.externals() if isinstance(entry.cls, ClassValue) else iter(())
        yield entry.dispatch is not None or any(name.endswith("BaseHTTPMiddleware") for name in names)
