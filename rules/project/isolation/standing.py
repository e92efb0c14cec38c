"""Where a finding about something that a route does stands, and the steps that lead there."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Effect
from rules.finding import Place, TrailStep
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.placement import place_of


def standing_of(inspection: Inspection, effect: Effect) -> Place:
    """The effect's own place in the handler's file; else the handler's call that leads there."""
    handler = inspection.route.definition
    if handler is None or effect.origin.module is handler.module:
        return place_of(effect.origin)
    calls = [origin for origin in effect.stack[1:] if origin.module is handler.module]
    return place_of(calls[0]) if calls else inspection.route.definition_place


def steps_to(inspection: Inspection, effect: Effect, note: str) -> Iterator[TrailStep]:
    """Registration, authentication, the calls on the way, and what happens at the effect."""
    yield from inspection.route.trail()
    step = inspection.authentication.step
    if step is not None and (found := step.dependant.definition or step.dependant.declaration) is not None:
        place = place_of(found)
        yield TrailStep(place.path, place.line, "the caller is authenticated here")
    for origin in effect.stack[1:]:
        place = place_of(origin)
        called = " ".join(origin.module.source.segment(origin.node).partition("(")[0].split())
        yield TrailStep(place.path, place.line, f"calls `{called}`")
    place = place_of(effect.origin)
    yield TrailStep(place.path, place.line, note)
