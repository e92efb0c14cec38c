"""Passwords, keys and tokens that clients must write into the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Arguments, Instance
from rules.finding import Place, TrailStep
from rules.project.annotations import Shape, external_name, shape
from rules.project.isolation.placement import place_of
from rules.project.isolation.secrets import Secret, secret_field
from rules.project.isolation.terms import constant_text
from rules.project.routing.dependants import Dependant
from rules.project.routing.parameters import Parameter
from rules.project.routing.routes import Route
from rules.project.taint.credential_names import credential_name
from rules.rule import Confidence, Severity

_TEXT_TYPES = frozenset({"str", "SecretStr", "Any", "bytes", "SecretBytes", ""})
_LINKS = re.compile(
    r"verif|confirm|activat|reset|unsubscribe|invit|magic|callback|opt-?out|accept|download|share|recover|"
    r"validate|webhook|oauth|sso|preview|stream",
    re.IGNORECASE,
)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_CONTINUATION = re.compile(r"page|next|continuation|cursor|sync|csrf|xsrf|state|hub", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QueryCredential:
    """A credential in the query string: a parameter, or a scheme that reads one (`parameter` None)."""

    name: str
    secret: Secret
    parameter: Parameter | None
    severity: Severity
    confidence: Confidence
    place: Place
    routes: list[Route]

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """From the route to the parameter."""
        step = TrailStep(self.place.path, self.place.line, f"`{self.name}` is read from the query string")
        return (*self.routes[0].trail(), step)


def query_credentials(routes: tuple[Route, ...]) -> tuple[QueryCredential, ...]:
    """Every one of them, each with the routes that ask for it."""
    found: dict[Place, QueryCredential] = {}
    for route in routes:
        for credential in _of_route(route):
            known = found.setdefault(credential.place, credential)
            if known is not credential:
                known.routes.append(route)
    return tuple(found.values())


def _of_route(route: Route) -> Iterator[QueryCredential]:
    for dependant in (route.dependant, *route.dependant.flat()):
        if dependant.scheme is not None and (found := _of_scheme(route, dependant)) is not None:
            yield found
        for parameter in dependant.parameters:
            if dependant.scheme is None and (found := _of_parameter(route, parameter)) is not None:
                yield found


def _of_scheme(route: Route, dependant: Dependant) -> QueryCredential | None:
    origin = dependant.declaration
    if dependant.scheme != "APIKeyQuery" or origin is None:
        return None
    arguments = (
        dependant.call.arguments if isinstance(dependant.call, Application | Instance) else Arguments()
    )
    name = constant_text(arguments.get(0, "name")) or "key"
    secret = Secret.KEY if name == "key" else credential_name(name)
    if secret is None:
        return None
    return QueryCredential(
        name=name,
        secret=secret,
        parameter=None,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        place=place_of(origin),
        routes=[route],
    )


def _of_parameter(route: Route, parameter: Parameter) -> QueryCredential | None:
    origin = parameter.origin
    secret = credential_name(parameter.alias) or credential_name(parameter.name)
    if parameter.location != "query" or origin is None or secret is None:
        return None
    found = shape(parameter.annotation) if parameter.annotation is not None else None
    if not _is_text(found) or _CONTINUATION.search(parameter.alias):
        return None
    severity = _severity(route, secret)
    known = found is not None and external_name(found.base) != ""
    return QueryCredential(
        name=parameter.alias,
        secret=secret,
        parameter=parameter,
        severity=severity,
        confidence=Confidence.HIGH if known and _is_certain(parameter) else Confidence.MEDIUM,
        place=place_of(origin),
        routes=[route],
    )


def _is_text(found: Shape | None) -> bool:
    if found is None:
        return True
    return external_name(found.base) in _TEXT_TYPES and (
        external_name(found.base).startswith("Secret") or secret_field("password", found) is not None
    )


def _is_certain(parameter: Parameter) -> bool:
    return parameter.alias.lower() not in {"token", "otp", "secret"}


def _severity(route: Route, secret: Secret) -> Severity:
    """High; for single-use tokens in links and for websockets, which can send no header, only a remark."""
    if secret is Secret.TOKEN and route.is_websocket:
        return Severity.INFO
    if secret is Secret.TOKEN and (_LINKS.search(route.path) or _LINKS.search(route.name)):
        return Severity.INFO if set(route.methods) <= _READING else Severity.LOW
    return (
        Severity.HIGH if secret is not Secret.TOKEN or not set(route.methods) <= _READING else Severity.MEDIUM
    )
