"""What runs for a request, each with its log: routes, middleware, handlers of exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    Dictionary,
    Effect,
    FunctionValue,
    Origin,
    Symbol,
    Value,
)
from rules.finding import TrailStep
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.paths import Log
from rules.project.isolation.placement import place_of
from rules.project.isolation.roles import Connection
from rules.project.isolation.standing import steps_to
from rules.project.routing.framework import is_application
from rules.project.routing.registrations import decorator_of, method_of
from rules.project.routing.routes import Route
from rules.project.taint.handed_over import with_handed_over


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """A run: `title` is what a message calls it, `inspection` that of a route."""

    title: str
    log: Log
    inspection: Inspection | None = None

    @property
    def route(self) -> Route | None:
        """The route that is run."""
        return self.inspection.route if self.inspection is not None else None

    def trail(self, effect: Effect, note: str) -> tuple[TrailStep, ...]:
        """The steps that lead to an effect."""
        if self.inspection is not None:
            return tuple(steps_to(self.inspection, effect, note))
        places = [place_of(origin) for origin in effect.stack]
        last = place_of(effect.origin)
        calls = [TrailStep(p.path, p.line, f"{self.title} runs") for p in places[:1]]
        return (*calls, TrailStep(last.path, last.line, note))


def contexts(isolation: Isolation) -> Iterator[Context]:
    """Every route, then each middleware and each handler of broad exceptions once."""
    for inspection in isolation.inspections():
        log = with_handed_over(isolation.machine, inspection.run.log)
        yield Context(f"`{inspection.route.title}`", log, inspection)
    applications = {id(r.application): r.application for r in isolation.routes}.values()
    for application in applications:
        for middleware in application.middleware:
            found = isolation.middleware.log(middleware)
            if found is not None:
                yield Context(f"middleware `{middleware.label}`", found)
    yield from _handlers(isolation.machine)


def _handlers(machine: Machine) -> Iterator[Context]:
    seen: set[int] = set()
    for caught, function in _registered(machine):
        if id(function.node) in seen:
            continue
        seen.add(id(function.node))
        values: list[Value] = [
            Symbol("request", Connection("request")),
            Symbol("error", "caught", caught),
        ]
        trace = machine.trace(function, Arguments(values), Origin(function.module, function.node))
        name = function.qualname.rpartition(".")[2]
        yield Context(f"exception handler `{name}`", Log(trace.effects))


def _registered(machine: Machine) -> Iterator[tuple[Value, FunctionValue]]:
    """What `exception_handler(E)`, `add_exception_handler(E, f)` and `exception_handlers={E: f}` name."""
    for effect in list(machine.wiring.effects):
        if effect.kind != "call":
            continue
        pair: tuple[Value | None, Value | None] = (None, None)
        if (decorated := decorator_of(effect)) is not None and decorated[1].name == "exception_handler":
            assert isinstance(effect.value, Application)
            pair = (
                decorated[0].arguments.get(0, "exc_class_or_status_code"),
                effect.value.arguments.positional[0],
            )
        elif (called := method_of(effect)) is not None and called[1].name == "add_exception_handler":
            arguments = called[0].arguments
            pair = arguments.get(0, "exc_class_or_status_code"), arguments.get(1, "handler")
        elif isinstance(effect.value, Application) and is_application(effect.value):
            yield from _in_constructor(effect.value)
        if pair[0] is not None and isinstance(pair[1], FunctionValue):
            yield pair[0], pair[1]


def _in_constructor(application: Application) -> Iterator[tuple[Value, FunctionValue]]:
    given = application.arguments.keywords.get("exception_handlers")
    if isinstance(given, Dictionary):
        yield from ((key, value) for key, value in given.items if isinstance(value, FunctionValue))
