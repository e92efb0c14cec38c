"""Secrets that leave in responses: by a schema's field, by a model used as response, by a row as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.finding import Place, TrailStep
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.placement import place_of
from rules.project.isolation.response_fields import SecretField, model_classes, response_secrets
from rules.project.isolation.returned_rows import returned_secrets
from rules.project.isolation.secrets import Secret
from rules.project.routing.routes import Route
from rules.project.schema.tables import Table
from rules.rule import Confidence

_HANDS_OUT = re.compile(
    r"log_?in|sign|token|auth|session|refresh|regist|callback|sso|(^|[^a-z])keys?([^a-z]|$)|api_?key|secret|"
    r"invit|credential|webhook|verif|otp|mfa|2fa|totp|device|setup|connect|reset",
    re.IGNORECASE,
)
_SHOWN = 3


@dataclass(slots=True)
class Exposed:
    """Secrets `names` of `model` that answers give away, at `place`; `routes` give them."""

    model: str
    place: Place
    names: list[str]
    secret: Secret
    confidence: Confidence
    is_declared: bool = True
    routes: list[Route] = field(default_factory=list)
    declared: list[TrailStep] = field(default_factory=list)

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """The routes, and where the secrets are declared or returned."""
        steps = [step for route in self.routes[:_SHOWN] for step in route.trail()]
        return (*steps, *self.declared)


def exposed(isolation: Isolation) -> Iterator[Exposed]:
    """Every exposure: one for each field of a response schema, else one for each route and model."""
    requested = _request_models(isolation)
    fields: dict[tuple[int, str], Exposed] = {}
    for inspection in isolation.inspections():
        route = inspection.route
        if route.kind != "api":
            continue
        if route.response_type is not None and model_classes(route.response_type):
            whole: dict[str, Exposed] = {}
            for found in response_secrets(isolation.machine, route):
                if not _meant(route, found.secret, found.schema.name):
                    _add(isolation, inspection, found, requested, fields, whole)
            yield from whole.values()
        else:
            yield from _returned(isolation, inspection)
    yield from fields.values()


def _request_models(isolation: Isolation) -> set[int]:
    """The classes that clients send: in a response it is the route that is wrong, not the class."""
    return {
        id(cls.node)
        for route in isolation.routes
        for parameter in route.dependant.all_parameters()
        if parameter.location == "body" and parameter.annotation is not None
        for cls in model_classes(parameter.annotation)
    }


def _add(
    isolation: Isolation,
    inspection: Inspection,
    found: SecretField,
    requested: set[int],
    fields: dict[tuple[int, str], Exposed],
    whole: dict[str, Exposed],
) -> None:
    """Put a secret of a response model to its field, or to the route where the class is not the mistake."""
    route, schema = inspection.route, found.schema
    place = found.field.place
    step = TrailStep(place.path, place.line, f"`{schema.name}` has `{found.field.name}`")
    confidence = _of_field(isolation, found, route)
    if isolation.ownership.table(schema.model) is None and id(schema.model.node) not in requested:
        key = (id(schema.model.node), found.field.name)
        stands = place if found.is_own else schema.place
        known = fields.setdefault(
            key, Exposed(schema.name, stands, [found.field.name], found.secret, confidence, declared=[step])
        )
        known.routes.append(route)
        return
    known = whole.setdefault(
        schema.name, Exposed(schema.name, route.place, [], found.secret, confidence, routes=[route])
    )
    known.names.append(found.field.name)
    known.declared.append(step)
    if confidence.rank > known.confidence.rank:
        known.confidence, known.secret = confidence, found.secret


def _of_field(isolation: Isolation, found: SecretField, route: Route) -> Confidence:
    table = isolation.ownership.table(found.schema.model)
    if found.is_changed or not found.schema.complete:
        return Confidence.LOW
    if found.secret is Secret.PASSWORD and (table is not None or _is_hash(found.field.name)):
        return Confidence.MEDIUM if route.conditions else Confidence.HIGH
    of_user = table is not None and isolation.ownership.is_user(table)
    return Confidence.HIGH if of_user and found.secret is not Secret.PERSONAL else Confidence.MEDIUM


def _is_hash(name: str) -> bool:
    return re.search("hash|salt|encrypted|digest", name, re.IGNORECASE) is not None


def _meant(route: Route, secret: Secret, model: str) -> bool:
    """Whether the endpoint is there to hand the secret out, as a login does a token."""
    if secret in {Secret.PASSWORD, Secret.PERSONAL}:
        return False
    return any(_HANDS_OUT.search(text) for text in (route.path, route.name, model))


def _returned(isolation: Isolation, inspection: Inspection) -> Iterator[Exposed]:
    route = inspection.route
    found: dict[str, Exposed] = {}
    for secret in returned_secrets(isolation.machine, inspection, isolation.ownership):
        if _meant(route, secret.secret, secret.model):
            continue
        known = found.get(secret.model)
        if known is None:
            origin = secret.effect.origin
            inside = route.definition is not None and origin.module is route.definition.module
            place = place_of(origin)
            step = TrailStep(place.path, place.line, f"`{secret.model}` is returned here")
            stands = place if inside else route.definition_place
            sure = secret.secret is Secret.PASSWORD and inspection.run.complete
            confidence = Confidence.HIGH if sure else Confidence.MEDIUM
            known = found[secret.model] = Exposed(
                secret.model, stands, [], secret.secret, confidence, is_declared=False
            )
            known.routes.append(route)
            known.declared.append(step)
        known.names.append(secret.name)
        known.declared += _column_step(secret.table, secret.name)
    yield from found.values()


def _column_step(table: Table | None, name: str) -> list[TrailStep]:
    column = table.of_attribute(name) if table is not None else None
    if column is None:
        return []
    return [TrailStep(column.place.path, column.place.line, f"`{name}` is declared here")]
