"""Callables that stand in a signature where a `Depends` was meant: FastAPI never calls them."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Origin,
    Parametrized,
    Value,
)
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.annotations import shape
from rules.project.isolation.authentication import Level
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.written_metadata import Written, written
from rules.project.routing.callables import qualified_name
from rules.project.routing.dependants import Dependant, Dependants
from rules.project.routing.framework import FRAMEWORK, security_scheme, split
from rules.project.routing.parameters import Parameter, depends_of
from rules.project.routing.routes import Route


class Evidence(enum.IntEnum):
    """What tells that a callable was meant as a dependency, weakest first."""

    PLAIN = 0
    SIGNATURE = 1
    USED = 2
    AUTHENTICATES = 3


@dataclass(slots=True, kw_only=True, eq=False)
class Unwrapped:
    """One such callable.

    `owner` is the handler or dependency whose `parameter` names it, `routes` those that run the owner;
    `callee` is named `name`; `written` is where it is to be wrapped.
    """

    owner: Dependant
    parameter: Parameter
    callee: Value
    name: str
    evidence: Evidence
    written: Written
    routes: list[Route] = field(default_factory=list)

    @property
    def guards(self) -> bool:
        """Whether it would have authenticated or authorised the caller."""
        return self.evidence is Evidence.AUTHENTICATES


def unwrapped_dependencies(isolation: Isolation) -> tuple[Unwrapped, ...]:
    """Every unwrapped dependency of the project's routes, once for each place where it is written."""
    finder = _Finder(isolation)
    for route in isolation.routes:
        finder.search(route)
    return tuple(finder.found.values())


class _Finder:
    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation
        self._machine = isolation.machine
        self._dependants = Dependants(isolation.machine)
        self._used = {_identity(d.call) for route in isolation.routes for d in route.dependant.flat()}
        self._read: dict[int, tuple[Dependant, list[Unwrapped]]] = {}
        self.found: dict[object, Unwrapped] = {}

    def search(self, route: Route) -> None:
        """Look at every signature of one route's tree."""
        for owner in (route.dependant, *route.dependant.flat()):
            key = id(owner.parameters)
            if key not in self._read:
                self._read[key] = (owner, list(self._of(owner)))
            for unwrapped in self._read[key][1]:
                if route not in unwrapped.routes:
                    unwrapped.routes.append(route)

    def _of(self, owner: Dependant) -> Iterator[Unwrapped]:
        for parameter in owner.parameters:
            origin = parameter.origin
            for callee in _named(parameter) if origin is not None else ():
                evidence = self._evidence(callee)
                if evidence is None or origin is None:
                    continue
                place = written(self._machine, origin, parameter.annotation, callee)
                known = self.found.get(place.key)
                if known is None:
                    known = self.found[place.key] = Unwrapped(
                        owner=owner,
                        parameter=parameter,
                        callee=callee,
                        name=_name(callee),
                        evidence=evidence,
                        written=place,
                    )
                yield known

    def _evidence(self, callee: Value) -> Evidence | None:
        if security_scheme(callee) is not None:
            return Evidence.AUTHENTICATES
        is_used = _identity(callee) in self._used
        runs = isinstance(callee, FunctionValue) or (is_used and not isinstance(callee, External))
        if runs and self._authenticates(callee):
            return Evidence.AUTHENTICATES
        if is_used:
            return Evidence.USED
        if isinstance(callee, FunctionValue | ClassValue) and self._asks(self._machine, callee):
            return Evidence.SIGNATURE
        if _is_bare_depends(callee):
            return Evidence.SIGNATURE
        return Evidence.PLAIN if isinstance(callee, FunctionValue) and _is_def(callee) else None

    def _authenticates(self, callee: Value) -> bool:
        run = self._isolation.requests.run(self._dependants.of_handler(callee, "", ()))
        found = self._isolation.authenticator.of_request(run)
        return found.privileged or found.level in {Level.REQUIRED, Level.OPTIONAL}

    def _asks(self, machine: Machine, callee: FunctionValue | ClassValue) -> bool:
        """Whether the callable itself asks for dependencies, or yields what it opened."""
        if any(depends_of(p) is not None for p in self._dependants.signatures.of(callee).parameters):
            return True
        return isinstance(callee, FunctionValue) and any(
            isinstance(node, ir.Yield) for node in walk(machine.body(callee))
        )


def _named(parameter: Parameter) -> Iterator[Value]:
    """The callables in the annotation's metadata, and the one that is the default."""
    if parameter.annotation is not None:
        yield from (m for m in shape(parameter.annotation).metadata if _callable(m))
    default = parameter.default
    if isinstance(default, FunctionValue) or (default is not None and security_scheme(default) is not None):
        yield default


def _callable(value: Value) -> bool:
    return isinstance(value, FunctionValue | ClassValue | Instance | Application) or _is_bare_depends(value)


def _is_bare_depends(value: Value) -> bool:
    if not isinstance(value, External):
        return False
    top, last = split(value.name)
    return top in FRAMEWORK and last in {"Depends", "Security"}


def _is_def(function: FunctionValue) -> bool:
    return function.qualname.rpartition(".")[2] not in {"", "<lambda>"}


def _identity(value: Value) -> int:
    inner = value.base if isinstance(value, Parametrized) else value
    return id(inner.node) if isinstance(inner, FunctionValue | ClassValue) else id(inner)


def _name(callee: Value) -> str:
    return qualified_name(callee).rpartition(".")[2] or "the dependency"


def origin_of(callee: Value) -> Origin | None:
    """Where the callable is defined."""
    if isinstance(callee, FunctionValue | ClassValue):
        return Origin(callee.module, callee.node)
    return callee.origin if isinstance(callee, Instance | Application) else None
