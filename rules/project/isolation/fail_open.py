"""Dependencies that let a request pass when authentication fails, where nobody looks at what they give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Application,
    Const,
    Dictionary,
    Effect,
    FunctionValue,
    Sequence,
    Symbol,
    Value,
    alternatives,
)
from rules.finding import Place, TrailStep
from rules.project.annotations import shape
from rules.project.isolation.authentication import Level, answers
from rules.project.isolation.exposure import changes_data
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.looks import Look, look_at
from rules.project.isolation.paths import Log, Moment
from rules.project.isolation.placement import place_of
from rules.project.isolation.publicness import configured, reason
from rules.project.isolation.requests import Step
from rules.project.isolation.roles import Connection
from rules.project.isolation.terms import walk
from rules.project.routing.dependants import Dependant
from rules.project.routing.readings import status
from rules.rule import Confidence

_OPTIONAL = re.compile(
    r"optional|maybe|possibl|try|or_none|anonym|guest|if_any|soft|lenient|nullable|context|limit|throttl|"
    r"log(?!ged|in|_in)|audit|track|metric|cache",
    re.IGNORECASE,
)
_SHOWN = 3


@dataclass(slots=True)
class Consumer:
    """A handler or dependency of a route that gets the result; `look` is what it does with it."""

    inspection: Inspection
    dependant: Dependant
    look: Look
    confidence: Confidence


@dataclass(slots=True)
class FailOpen:
    """A dependency that does not refuse at `place`, and who goes on regardless."""

    dependant: Dependant
    place: Place
    consumers: list[Consumer] = field(default_factory=list)

    @property
    def confidence(self) -> Confidence:
        """That of the surest consumer."""
        return max((c.confidence for c in self.consumers), key=lambda c: c.rank)

    @property
    def passes(self) -> bool:
        """Whether a request goes through; otherwise it only ends in an error of the server."""
        return any(c.look is Look.UNUSED for c in self.consumers)

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """The failing return, and the consumers."""
        steps = [
            TrailStep(self.place.path, self.place.line, "a request without valid credentials goes on here")
        ]
        for consumer in self.consumers[:_SHOWN]:
            steps += consumer.inspection.route.trail()
            origin = consumer.dependant.definition
            if origin is not None:
                found = place_of(origin)
                name = consumer.dependant.name.rpartition(".")[2]
                steps.append(TrailStep(found.path, found.line, f"`{name}` does not look at the result"))
        return tuple(steps)


def fail_open(isolation: Isolation) -> tuple[FailOpen, ...]:
    """Every dependency that fails open for some route, once."""
    found: dict[Place, FailOpen] = {}
    for inspection in isolation.inspections():
        if not _is_in_question(inspection):
            continue
        if configured(inspection.route, isolation.options.public) or _is_public(inspection):
            continue
        for consumer, child in _edges(inspection.route.dependant):
            step = isolation.requests.step(child)
            place = _failure(isolation, inspection, step)
            made = None if place is None else _consumer(isolation, inspection, consumer, child, step)
            if made is not None and place is not None:
                found.setdefault(place, FailOpen(child, place)).consumers.append(made)
    return tuple(found.values())


def _is_in_question(inspection: Inspection) -> bool:
    """Whether the route asks who is there at all."""
    return inspection.authentication.level in {Level.OPTIONAL, Level.REQUIRED}


def _is_public(inspection: Inspection) -> bool:
    found = reason(inspection.route, inspection.run)
    return found not in {None, "verifies a token", "answers with constants"}


def _edges(dependant: Dependant) -> Iterator[tuple[Dependant, Dependant]]:
    for consumer in (dependant, *dependant.flat()):
        for child in consumer.dependencies:
            yield consumer, child


def _failure(isolation: Isolation, inspection: Inspection, step: Step) -> Place | None:
    """Where the dependency goes on without an identity; None where it refuses, or is optional on purpose."""
    authenticator = isolation.authenticator
    name = step.dependant.name
    level = authenticator.level(step)
    if level not in {Level.OPTIONAL, Level.REQUIRED} or name in isolation.options.auth.optional:
        return None
    held = _is_held(inspection, step)
    if held is None:
        return None
    if _OPTIONAL.search(name.rpartition(".")[2]) or (_stores(step) and _is_looked_at(inspection, step)):
        return None
    if step.dependant.scheme is not None and not step.effects:
        if level is Level.REQUIRED:
            return None
        return place_of(step.dependant.declaration) if step.dependant.declaration is not None else None
    log = Log(step.effects)
    if not _decides(log):
        return None
    for moment, value in answers(log):
        nobody = held and (_gives_nobody(log, value) or _stores_nobody(step, moment, value))
        if nobody or (not held and _is_empty(value) and not authenticator.checked(log, moment)):
            effects: list[Effect] = list(log.effects[moment.position : moment.position + 1])
            origin = effects[0].origin if effects else step.dependant.definition
            return place_of(origin) if origin is not None else None
    return None


def _is_held(inspection: Inspection, step: Step) -> bool | None:
    """Whether what the dependency itself asks for authenticates already; None where something else does.

    Its own scheme does not: that takes worthless credentials too.
    """
    found = inspection.authentication
    if found.level is not Level.REQUIRED:
        return False
    if found.step is None:
        return None
    own = {below.name: below.scheme for below in (step.dependant, *step.dependant.flat())}
    name = found.step.dependant.name
    return own[name] is None if name in own else None


def _gives_nobody(log: Log, value: Value) -> bool:
    """Whether None is given for a token that is genuine, as for a user who is gone, and a user otherwise."""
    others = [v for _, v in answers(log) if v is not value]
    is_none = isinstance(value, Const) and value.value is None
    return is_none and any(not _is_empty(a.value) for v in others for a in alternatives(v))


def _stores_nobody(step: Step, moment: Moment, value: Value) -> bool:
    """Whether the dependency leaves before it has put the user on the request, or after an error."""
    if not isinstance(value, Const) or value.value is not None or not _stores(step):
        return False
    stored = next(n for n, effect in enumerate(step.effects) if effect.kind == "set")
    caught = any(isinstance(c.test, Symbol) and c.test.role == "caught" for c in moment.conditions)
    return caught or moment.position < stored


def _decides(log: Log) -> bool:
    """Whether the dependency tells success from failure: it gives something, or refuses some requests."""
    if any(not _is_empty(alternative.value) for _, v in answers(log) for alternative in alternatives(v)):
        return True
    return any(effect.kind == "raise" and _refusal(effect.value) for effect in log.effects)


def _refusal(value: Value) -> bool:
    code = status(value.arguments.get(0, "status_code")) if isinstance(value, Application) else None
    return code in {401, 403}


def _stores(step: Step) -> bool:
    """Whether the result is left on the request, where the handler may look for it."""
    return any(
        effect.kind == "set"
        and effect.target is not None
        and any(isinstance(n, Symbol) and isinstance(n.role, Connection) for n in walk(effect.target))
        for effect in step.effects
    )


def _is_looked_at(inspection: Inspection, step: Step) -> bool:
    """Whether anything else of the request gets hold of it."""
    others = (s.dependant for s in inspection.run.steps if s is not step)
    return any(kind in {"Request", "WebSocket", "HTTPConnection"} for d in others for _, kind in d.specials)


def _is_empty(value: Value) -> bool:
    if isinstance(value, Const):
        return not value.value
    return isinstance(value, Dictionary | Sequence) and not value.items and not value.is_open


def _consumer(
    isolation: Isolation, inspection: Inspection, consumer: Dependant, child: Dependant, step: Step
) -> Consumer | None:
    """The consumer, if it goes on whatever the dependency gave."""
    if child.parameter is None:
        sure = Confidence.HIGH if step.complete else Confidence.MEDIUM
        return Consumer(inspection, consumer, Look.UNUSED, sure)
    look = look_at(isolation.machine, consumer.call, child.parameter)
    if look in {Look.TESTED, Look.PASSED}:
        return None
    if look is not Look.UNUSED and inspection.authentication.level is Level.REQUIRED:
        return None
    declared = _is_declared_optional(consumer, child.parameter, isolation)
    start = inspection.run.log.handler
    reads = any(access.query.position >= start for access in inspection.accesses)
    if declared and not (reads or changes_data(inspection)):
        return None
    sure = Confidence.HIGH if step.complete and not declared else Confidence.MEDIUM
    return Consumer(inspection, consumer, look, sure)


def _is_declared_optional(consumer: Dependant, parameter: str, isolation: Isolation) -> bool:
    """Whether the consumer says by its annotation that it knows about None."""
    function = consumer.call
    if not isinstance(function, FunctionValue):
        return True
    for node in function.node.parameters:
        if node.name == parameter and node.annotation is not None:
            return shape(isolation.machine.annotation(node.annotation, function.scope)).optional
    return False
