"""A request run symbolically: its dependencies in FastAPI's order, then the handler, as one log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    Effect,
    FunctionValue,
    Instance,
    Item,
    Origin,
    Parametrized,
    Sequence,
    Symbol,
    Unknown,
    Value,
)
from rules.project.isolation.paths import Log
from rules.project.isolation.provenance import Provenances
from rules.project.isolation.roles import ClientInput, Connection, Credential, Injected, Input, Principal
from rules.project.isolation.terms import called_name, library_of, walk
from rules.project.routing.dependants import Dependant
from rules.project.routing.framework import dotted, library_classes
from rules.project.routing.parameters import Parameter

_LOCATIONS = {"path": Input.PATH, "header": Input.HEADER, "cookie": Input.COOKIE, "body": Input.BODY}
_FORMS = {"form": Input.FORM, "file": Input.FORM}
_CONNECTIONS = frozenset({"Request", "WebSocket", "HTTPConnection"})
_AUTHENTICATES = re.compile(
    r"(current|active|authenticated|verified|logged_?in|require[ds]?)_?\w*user|auth|jwt|bearer|api_?key|"
    r"verify_\w*(token|user|session|key)|login_required|permission|superuser|principal|current_identity",
    re.IGNORECASE,
)
_AUTH_LIBRARIES = frozenset(
    {
        "fastapi_users", "fastapi_jwt_auth", "fastapi_azure_auth", "fastapi_login", "fastapi_keycloak",
        "fief_client", "fastapi_cloudauth", "fastapi_auth0", "async_fastapi_jwt_auth", "authx", "fastapi_jwt",
        "supertokens_python", "propelauth_fastapi", "fastapi_clerk_auth", "fastapi_another_jwt_auth",
        "fastapi_permissions", "fastapi_oidc",
    }
)  # fmt: skip
_BUDGET = 6_000
_SCOPES = "SecurityScopes"


@dataclass(slots=True, eq=False)
class Step:
    """One callable of a request that was run: what it did and gave. `guessed` where only its name speaks."""

    dependant: Dependant
    effects: tuple[Effect, ...]
    value: Value | None
    complete: bool = True
    guessed: bool = False


@dataclass(slots=True, eq=False)
class RequestRun:
    """All steps of a request in order, the handler last, with the log of their effects."""

    steps: list[Step]
    log: Log
    provenances: Provenances
    _calls: tuple[Application, ...] | None = None
    _called: frozenset[tuple[str, str]] | None = None

    @property
    def calls(self) -> tuple[Application, ...]:
        """What was called that could not be entered: each call once, in order."""
        if self._calls is None:
            made = (e.value for e in self.log.effects if e.kind == "call")
            self._calls = tuple({id(v): v for v in made if isinstance(v, Application)}.values())
        return self._calls

    @property
    def called(self) -> frozenset[tuple[str, str]]:
        """The name and the library of everything among these."""
        if self._called is None:
            self._called = frozenset((called_name(c), library_of(c.function)) for c in self.calls)
        return self._called

    @property
    def handler(self) -> Step:
        """The handler's step."""
        return self.steps[-1]

    @property
    def complete(self) -> bool:
        """Whether every step was followed to its end."""
        return all(step.complete for step in self.steps)


@dataclass(slots=True)
class Requests:
    """Runs requests; a dependency is run once for all routes that ask for it in the same way."""

    machine: Machine
    _steps: dict[tuple[object, ...], Step] = field(default_factory=dict)
    _running: set[tuple[object, ...]] = field(default_factory=set)
    _asking: dict[int, tuple[Dependant, bool]] = field(default_factory=dict)

    def run(self, dependant: Dependant) -> RequestRun:
        """Run the whole tree of a route."""
        steps: list[Step] = []
        seen: set[int] = set()
        for below in dependant.dependencies:
            for step in self._closure(below, ()):
                if id(step) not in seen:
                    seen.add(id(step))
                    steps.append(step)
        effects = [effect for step in steps for effect in step.effects]
        start = len(effects)
        handler = self._execute(dependant)
        effects += handler.effects
        return RequestRun([*steps, handler], Log(effects, start), Provenances())

    def _closure(self, dependant: Dependant, scopes: tuple[str, ...]) -> Iterator[Step]:
        for below in dependant.dependencies:
            yield from self._closure(below, scopes + dependant.scopes)
        yield self.step(dependant, scopes)

    def step(self, dependant: Dependant, scopes: tuple[str, ...] = ()) -> Step:
        """The run of one dependency; `scopes` are those that the ones above it ask for."""
        scopes = scopes + dependant.scopes if self._asks_for_scopes(dependant) else ()
        key = (id(dependant.call), id(dependant.parameters), id(dependant.dependencies), scopes)
        found = self._steps.get(key)
        if found is None:
            if key in self._running:
                return Step(dependant, (), Unknown("a dependency that depends on itself"), complete=False)
            self._running.add(key)
            found = self._steps[key] = self._execute(dependant, scopes)
            self._running.discard(key)
        return found

    def _asks_for_scopes(self, dependant: Dependant) -> bool:
        found = self._asking.get(id(dependant))
        if found is None:
            asks = any(kind == _SCOPES for d in (dependant, *dependant.flat()) for _, kind in d.specials)
            found = self._asking[id(dependant)] = (dependant, asks)
        return found[1]

    def _execute(self, dependant: Dependant, scopes: tuple[str, ...] = ()) -> Step:
        call = dependant.call
        credential = scheme_credential(dependant)
        if credential is not None and not _own_call(call):
            return Step(dependant, (), Symbol(dependant.name, credential))
        if not _is_project(call):
            return _opaque(dependant)
        origin = _origin(dependant)
        arguments = Arguments([], dict(self._arguments(dependant, scopes)))
        trace = self.machine.trace(call, arguments, origin, budget=_BUDGET)
        value = trace.value
        if isinstance(value, Sequence) and value.kind == "generator" and value.items:
            value = value.items[0]
        return Step(dependant, trace.effects, value, trace.complete)

    def _arguments(self, dependant: Dependant, scopes: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
        for parameter in dependant.parameters:
            yield parameter.name, client_symbol(parameter)
        for name, kind in dependant.specials:
            role = Connection(name) if kind in _CONNECTIONS else Injected(kind)
            yield name, Symbol(name, role, attributes=_attributes(kind, scopes))
        for below in dependant.dependencies:
            if below.parameter is not None:
                value = self.step(below, scopes).value
                yield below.parameter, Unknown("the dependency always raises") if value is None else value


def _attributes(kind: str, scopes: tuple[str, ...]) -> dict[str, Value]:
    return {"scopes": Sequence("list", [Const(scope) for scope in scopes])} if kind == _SCOPES else {}


def client_symbol(parameter: Parameter) -> Symbol:
    """What the client sends for a parameter."""
    kind = _LOCATIONS.get(parameter.location) or _FORMS.get(parameter.location) or Input.QUERY
    return Symbol(parameter.name, ClientInput(kind, parameter.alias, parameter.pattern), parameter.annotation)


def scheme_credential(dependant: Dependant) -> Credential | None:
    """What a security scheme gives; None for anything else."""
    if dependant.scheme is None:
        return None
    call = dependant.call
    arguments = call.arguments if isinstance(call, Application | Instance) else Arguments()
    given = arguments.keywords.get("auto_error")
    automatic = not (isinstance(given, Const) and given.value is False)
    return Credential(dependant.scheme, required=automatic)


def _own_call(call: Value) -> bool:
    return isinstance(call, Instance) and "__call__" in call.cls.attributes


def _is_project(call: Value) -> bool:
    if isinstance(call, Parametrized):
        return isinstance(call.base, ClassValue)
    if isinstance(call, Application):
        return dotted(call.function) == "functools.partial"
    return isinstance(call, FunctionValue | ClassValue | Instance)


def _opaque(dependant: Dependant) -> Step:
    """A dependency outside the project: by its library, else by its name, it gives the user or a service."""
    call = dependant.call
    libraries = {
        name.partition(".")[0] for node in walk(call) for name in (dotted(node), *library_classes(node))
    }
    keywords = call.arguments.keywords if isinstance(call, Application) else {}
    if libraries & _AUTH_LIBRARIES or (
        _AUTHENTICATES.search(dependant.name) and not dependant.name.startswith("fastapi.")
    ):
        optional = keywords.get("optional") or keywords.get("auto_error")
        anonymous = isinstance(optional, Const) and optional.value is (optional is keywords.get("optional"))
        superuser = keywords.get("superuser")
        privileged = isinstance(superuser, Const) and superuser.value is True
        role = Principal(dependant.name, required=not anonymous, privileged=privileged)
        known = bool(libraries & _AUTH_LIBRARIES)
        return Step(dependant, (), Symbol(dependant.name, role), guessed=not known)
    resolved = bool(dependant.name) and not isinstance(call, Unknown | Item)
    return Step(
        dependant, (), Symbol(dependant.name or "dependency", Injected(dependant.name)), complete=resolved
    )


def _origin(dependant: Dependant) -> Origin:
    found = dependant.declaration or dependant.definition
    if found is not None:
        return found
    call = dependant.call
    if isinstance(call, FunctionValue):
        return Origin(call.module, call.node)
    assert isinstance(call, Instance | Application)
    return call.origin
