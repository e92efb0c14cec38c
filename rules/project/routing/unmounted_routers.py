"""Routers with routes that no application serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, FunctionValue, Instance, Member, Origin, Value, alternatives
from rules.finding import Place
from rules.project.code_places import application_code
from rules.project.routing.framework import is_application, is_router
from rules.project.routing.registrations import Endpoint, Inclusion, Mounting, Register, Registrations
from rules.rule import Confidence

if TYPE_CHECKING:
    from rules.project.project import Project

_DEPTH = 30
_INCLUDING = frozenset({"include_router", "mount"})


@dataclass(frozen=True, slots=True, eq=False)
class Unmounted:
    """A router that nothing includes; `endpoints` are those of it and of what it includes."""

    origin: Origin
    name: str
    endpoints: tuple[Endpoint, ...]
    confidence: Confidence

    @property
    def place(self) -> Place:
        """Where the router is made."""
        return self.origin.module.source.place(self.origin.node)


@dataclass(frozen=True, slots=True, eq=False)
class TooLate:
    """A route that is registered after its router was included, which older versions of FastAPI lose."""

    endpoint: Endpoint
    inclusion: Inclusion

    @property
    def place(self) -> Place:
        """The registration."""
        return self.endpoint.origin.module.source.place(self.endpoint.origin.node)


def unmounted_routers(project: Project) -> Iterator[Unmounted]:
    """Each router once; none where the project has no application that would include it."""
    applications = project.applications
    if not applications:
        return
    served = {id(p.endpoint.origin.node) for a in applications for p in a.placed}
    registrations = project.registrations
    included = {id(target) for register in registrations for target in _targets(register)}
    counts = application_code(project.options)
    doubtful = any(a.unresolved or a.truncated for a in applications)
    candidates = [
        (register, endpoints)
        for register in registrations
        if is_router(register.receiver) and not is_application(register.receiver)
        if id(register.receiver) not in included
        if (endpoints := tuple(_endpoints(registrations, register.receiver, 0)))
        if not any(id(e.origin.node) in served for e in endpoints)
    ]
    handed = _handed_over(project) if candidates else set()
    seen: set[int] = set()
    for register, endpoints in candidates:
        value = register.receiver
        if not isinstance(value, Application | Instance) or not counts(value.origin.module.path):
            continue
        if id(value.origin.node) in seen or id(value) in handed:
            continue
        seen.add(id(value.origin.node))
        confidence = Confidence.LOW if doubtful else Confidence.HIGH
        yield Unmounted(value.origin, _name(project, value), endpoints, confidence)


def _targets(register: Register) -> Iterator[Value]:
    for entry in register.entries:
        if isinstance(entry, Inclusion):
            yield from (alternative.value for alternative in alternatives(entry.router))
        elif isinstance(entry, Mounting):
            yield from (alternative.value for alternative in alternatives(entry.application))


def _endpoints(registrations: Registrations, router: Value, depth: int) -> Iterator[Endpoint]:
    if depth > _DEPTH:
        return
    for entry in registrations.of(router).entries:
        if isinstance(entry, Endpoint):
            yield entry
        elif isinstance(entry, Inclusion) and is_router(entry.router):
            yield from _endpoints(registrations, entry.router, depth + 1)


def _handed_over(project: Project) -> set[int]:
    """Routers that start-up passes to something of which nothing is known: it may include them."""
    found: set[int] = set()
    for effect in project.machine.wiring.effects:
        call = effect.value
        if effect.kind != "call" or not isinstance(call, Application):
            continue
        if (
            isinstance(call.function, Member)
            and call.function.name in _INCLUDING
            and is_router(call.function.of)
        ):
            continue
        arguments = (*call.arguments.positional, *call.arguments.keywords.values())
        found |= {id(argument) for argument in arguments if is_router(argument)}
    return found


def _name(project: Project, value: Value) -> str:
    assert isinstance(value, Application | Instance)
    bindings = project.machine.scope(value.origin.module).bindings
    return next((name for name, bound in bindings.items() if bound is value), "router")


def late_routes(project: Project) -> Iterator[TooLate]:
    """Routes that came after the inclusion, where the project pins a version that loses them."""
    seen: set[int] = set()
    for application in project.applications:
        if application.version.version is None or application.version.includes_lazily:
            continue
        served = {id(p.endpoint.origin.node) for p in application.placed}
        for entry in application.register.entries:
            if not isinstance(entry, Inclusion) or not is_router(entry.router):
                continue
            for endpoint in _endpoints(project.registrations, entry.router, 0):
                node = id(endpoint.origin.node)
                if node not in served and node not in seen and isinstance(endpoint.handler, FunctionValue):
                    seen.add(node)
                    yield TooLate(endpoint, entry)
