"""Where a finding about a route's query stands, and the trail that leads from the route to the query."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Origin
from rules.finding import Place, TrailStep
from rules.project.isolation.accesses import Access
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.requests import Step


def place_of(origin: Origin) -> Place:
    """The span of an origin."""
    return origin.module.source.place(origin.node)


def standing(inspection: Inspection, access: Access) -> Place:
    """The query in the handler's own file; else the handler's call, or its dependency, that leads there."""
    query = _query_origin(access)
    handler = inspection.route.definition
    if handler is None or query.module is handler.module:
        return place_of(query)
    if access.query.position < inspection.run.log.handler:
        step = _step_of(inspection, access)
        declared = None if step is None else _declared(inspection, step, handler)
        return inspection.route.definition_place if declared is None else place_of(declared)
    calls = [origin for origin in access.query.effect.stack[1:] if origin.module is handler.module]
    return place_of(calls[0]) if calls else inspection.route.definition_place


def _query_origin(access: Access) -> Origin:
    """The statement, where it was written in the function that runs it; else the call that runs it."""
    root, ran = access.variant.statement.root, access.query.effect.origin
    return root if root.module is ran.module else ran


def _declared(inspection: Inspection, step: Step, handler: Origin) -> Origin | None:
    """Where this route asks in the handler's file for what was run once for all routes."""
    asked = (d for d in inspection.route.dependant.flat() if d.call is step.dependant.call)
    declared = (d.declaration for d in asked if d.declaration is not None)
    return next((origin for origin in declared if origin.module is handler.module), None)


def _step_of(inspection: Inspection, access: Access) -> Step | None:
    return next((s for s in inspection.run.steps if any(e is access.query.effect for e in s.effects)), None)


def trail(inspection: Inspection, access: Access) -> tuple[TrailStep, ...]:
    """Registration, authentication, the calls on the way, the query, and what is done with its rows."""
    return tuple(_steps(inspection, access))


def _steps(inspection: Inspection, access: Access) -> Iterator[TrailStep]:
    yield from inspection.route.trail()
    authenticating = inspection.authentication.step
    if authenticating is not None and (found := authenticating.dependant.definition) is not None:
        name = authenticating.dependant.name.rpartition(".")[2]
        yield _step(found, f"`{name}` authenticates the caller")
    elif authenticating is not None and (found := authenticating.dependant.declaration) is not None:
        yield _step(found, "authenticates the caller")
    for origin in access.query.effect.stack[1:]:
        yield _step(origin, f"calls `{_called(origin)}`")
    yield _step(_query_origin(access), f"`{access.table.model_name}` is queried here")
    use = inspection.run.log.effects[access.sink.shown]
    if use is not access.query.effect:
        yield _step(
            use.origin, "the rows are changed here" if access.writes else "the rows are returned here"
        )


def _step(origin: Origin, note: str) -> TrailStep:
    place = place_of(origin)
    return TrailStep(place.path, place.line, note)


def _called(origin: Origin) -> str:
    text = origin.module.source.segment(origin.node).partition("(")[0]
    return " ".join(text.split())
