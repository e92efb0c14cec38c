"""What a handler returns on each of its paths, with the statement that does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Condition, Effect, Origin, Value, alternatives
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.terms import called_name
from rules.project.routing.readings import status


@dataclass(frozen=True, slots=True)
class Returned:
    """One value that a handler returns, and what was assumed there."""

    value: Value
    origin: Origin
    conditions: tuple[Condition, ...]
    position: int


def returned(inspection: Inspection) -> Iterator[Returned]:
    """The handler's own returns, each alternative of a value by itself."""
    log = inspection.run.log
    for position, effect in enumerate(log.effects):
        if effect.kind == "return" and log.is_response(position):
            for choice in alternatives(effect.value):
                conditions = effect.conditions + choice.conditions
                yield Returned(choice.value, effect.origin, conditions, position)


def status_writes(inspection: Inspection) -> Iterator[tuple[int, Effect]]:
    """Statuses that the request sets on an injected `Response`, with where it does."""
    for effect in inspection.run.log.effects:
        if effect.kind == "set" and effect.name == "status_code":
            code = status(effect.value)
            if code is not None:
                yield code, effect


def http_exception_status(value: Value) -> int | None:
    """The status of `HTTPException(…)`; None for anything else, and where it is not known."""
    if not is_http_exception(value) or not isinstance(value, Application):
        return None
    return status(value.arguments.get(0, "status_code"))


def is_http_exception(value: Value) -> bool:
    """Whether a value is a new `HTTPException`."""
    return isinstance(value, Application) and called_name(value) in {"HTTPException", "WebSocketException"}
