"""Routes that answer with data and say nowhere what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import ClassValue, Instance, Value, alternatives
from rules.project.annotations import is_none
from rules.project.inputs.untyped_bodies import is_loose
from rules.project.isolation.inspection import Inspection
from rules.project.openapi.response_classes import response_class
from rules.project.openapi.route_options import route_options
from rules.project.responses.answers import Answer, answers
from rules.project.routing.readings import is_none as is_none_value
from rules.project.routing.response_models import is_response, is_stream
from rules.project.routing.routes import Route
from rules.project.routing.signatures import Signatures

_BODILESS = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class UntypedResponse:
    """A route without a usable type of its answer.

    `written` is a type that says nothing, if there is one; `answers` what it gives; `model` the one class
    that all its answers are made of.
    """

    inspection: Inspection
    written: Value | None
    answers: frozenset[Answer]
    model: ClassValue | None

    @property
    def route(self) -> Route:
        """The route."""
        return self.inspection.route


def untyped_responses(machine: Machine, inspections: Iterable[Inspection]) -> Iterator[UntypedResponse]:
    """Each route of the API description that gives data, or may, without a type for it."""
    signatures = Signatures(machine)
    for inspection in inspections:
        route = inspection.route
        if route.kind != "api" or not route.include_in_schema or route.status_code in _BODILESS:
            continue
        given = route.placed.endpoint.arguments.keywords.get("response_model")
        annotation = signatures.returns(route.handler)
        written = annotation if given is None else given
        if _says_enough(given, annotation) or _is_no_json(route):
            continue
        value = inspection.run.handler.value
        found = answers(value)
        if found - {Answer.NOTHING, Answer.RESPONSE}:
            yield UntypedResponse(inspection, written, found, _model(value))


def _says_enough(given: Value | None, annotation: Value | None) -> bool:
    """Whether the response model, or the return annotation where none is given, says what comes."""
    if given is not None:
        return is_none_value(given) or not is_loose(given)
    if annotation is None:
        return False
    return is_none(annotation) or is_response(annotation) or is_stream(annotation) or not is_loose(annotation)


def _is_no_json(route: Route) -> bool:
    found = response_class(route_options(route).nearest("response_class", "default_response_class"))
    return found.given and not found.is_json


def _model(value: Value | None) -> ClassValue | None:
    """The schema whose instances all answers are; None where they are anything else."""
    made = [choice.value for choice in alternatives(value)] if value is not None else []
    classes = {id(v.cls): v.cls for v in made if isinstance(v, Instance)}
    if len(classes) != 1 or not all(isinstance(v, Instance) for v in made):
        return None
    return next(iter(classes.values()))
