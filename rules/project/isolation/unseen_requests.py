"""Routes of one application that the authenticating middleware of another one never sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rules.finding import Place, TrailStep
from rules.project.isolation.authentication import Level
from rules.project.isolation.exposure import Exposure
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.placement import place_of
from rules.project.routing.middleware import Middleware
from rules.project.routing.registrations import Inclusion, Mounting
from rules.project.routing.routes import Route
from rules.rule import Confidence

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Guarded:
    """A middleware that authenticates, and a route that it protects."""

    middleware: Middleware
    route: Route


@dataclass(slots=True, kw_only=True)
class Unseen:
    """Routes of an application, a mount or an inclusion that the middleware of `guarded` does not see.

    `together`: one outermost application serves both, so that they surely run in one process.
    """

    place: Place
    way: str
    guarded: Guarded
    together: bool
    exposures: list[Exposure] = field(default_factory=list)

    @property
    def inspections(self) -> list[Inspection]:
        """What is known of the routes."""
        return [exposure.inspection for exposure in self.exposures]

    @property
    def confidence(self) -> Confidence:
        """As sure as it is that one of the routes should not be open; never high for another application."""
        best = max((e.confidence for e in self.exposures), key=lambda c: c.rank)
        return best if self.together or best is not Confidence.HIGH else Confidence.MEDIUM

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """The middleware, a route that it protects, and those that it does not see."""
        there = place_of(self.guarded.middleware.origin)
        label = self.guarded.middleware.label
        steps = [
            TrailStep(there.path, there.line, f"`{label}` is put around `{self.guarded.route.app}` here"),
            *self.guarded.route.trail()[-1:],
        ]
        for exposure in self.exposures[:_SHOWN]:
            route = exposure.inspection.route
            steps += route.trail()
            place = route.definition_place
            steps.append(TrailStep(place.path, place.line, f"`{route.name}` runs without it"))
        return tuple(steps)


def unseen_requests(isolation: Isolation, exposures: Iterable[Exposure]) -> tuple[Unseen, ...]:
    """One for each application, mount or inclusion with open routes beside an authenticating middleware."""
    guarded = tuple(_guarded(isolation))
    inspections = isolation.inspections()
    signed_in = {i.route.app for i in inspections if i.authentication.level is not Level.NONE}
    found: dict[Place, Unseen] = {}
    for exposure in exposures:
        route = exposure.inspection.route
        guard = _elsewhere(route, guarded)
        if guard is None or route.app in signed_in:
            continue
        way, place = _stand(route)
        together = guard.route.application is route.application
        unseen = found.setdefault(place, Unseen(place=place, way=way, guarded=guard, together=together))
        unseen.exposures.append(exposure)
    return tuple(found.values())


def _guarded(isolation: Isolation) -> Iterator[Guarded]:
    """Each authenticating middleware once, with the first route that it protects."""
    seen: set[int] = set()
    for route in isolation.routes:
        middleware = isolation.middleware.guard(route)
        if middleware is not None and id(middleware) not in seen:
            seen.add(id(middleware))
            yield Guarded(middleware, route)


def _elsewhere(route: Route, guarded: Iterable[Guarded]) -> Guarded | None:
    """A guard of the same process or, failing that, of the same source tree, that is not around the route."""
    around = {id(middleware) for middleware in route.middleware}
    others = [g for g in guarded if id(g.middleware) not in around]
    beside = [g for g in others if g.route.application is route.application]
    if beside:
        return beside[0]
    if any(g.route.application is route.application for g in guarded):
        return None
    root = route.application.origin.module.directory
    return next((g for g in others if g.route.application.origin.module.directory == root), None)


def _stand(route: Route) -> tuple[str, Place]:
    """The mount that leads to the route, else the inclusion beside what is mounted, else the application."""
    mounting = next((s for s in reversed(route.steps) if isinstance(s, Mounting)), None)
    if mounting is not None:
        return "mount", place_of(mounting.origin)
    inclusion = next((s for s in route.steps if isinstance(s, Inclusion)), None)
    if inclusion is not None:
        return "inclusion", place_of(inclusion.origin)
    return "application", place_of(route.application.origin)
