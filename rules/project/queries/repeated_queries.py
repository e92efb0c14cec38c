"""Queries in a loop over the rows of another query: one round trip for each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Condition, Const, Effect, Origin, Symbol, Value
from rules.finding import Place
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.placement import place_of
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import called_name, name_of, receiver
from rules.project.queries.loops import inner_iterables, loops
from rules.project.sessions.request_sessions import RequestSessions

if TYPE_CHECKING:
    from rules.project.project import Project

_ROUND_TRIPS = frozenset({"exec", "execute", "scalar", "scalars", "get", "get_one", "refresh"})
_FEW = 10


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """A query that is sent for each row of `rows`; `site` is the call in the loop that leads to it.

    `certain` is False where each pass has a `try` of its own: work that may not be done for all at once.
    """

    inspection: Inspection
    effect: Effect
    rows: Query
    site: Origin
    model: str
    certain: bool

    @property
    def place(self) -> Place:
        """The call in the loop."""
        return place_of(self.site)


def repeated_queries(project: Project) -> Iterator[Repeated]:
    """Each place once, with the first route that reaches it."""
    seen: set[Place] = set()
    for request in project.request_sessions:
        for found in _of_request(project, request):
            if found.place not in seen:
                seen.add(found.place)
                yield found


def _of_request(project: Project, request: RequestSessions) -> Iterator[Repeated]:
    inspection = request.inspection
    several = [q for q in inspection.guards.queries if q.kind == "rows" and not _is_short(q)]
    if not several:
        return
    queries = {id(query.effect): query for query in inspection.guards.queries}
    effects = {id(use.effect): use.effect for use in request.uses if use.call.method in _ROUND_TRIPS}
    effects |= {id(query.effect): query.effect for query in inspection.guards.queries}
    first = min(query.position for query in several)
    for position, effect in enumerate(inspection.run.log.effects):
        if position <= first or id(effect) not in effects:
            continue
        if any(_is_caught(condition) for condition in effect.conditions):
            continue
        query = queries.get(id(effect))
        for loop in loops(effect, project.frames.of(effect)):
            rows = _rows(inspection, loop.iterable, several)
            if rows is not None and rows is not query and not loop.once:
                yield Repeated(inspection, effect, rows, loop.site, _model(query), not loop.tolerant)
                break


def _is_caught(condition: Condition) -> bool:
    """Whether something happens in an `except` suite alone."""
    return isinstance(condition.test, Symbol) and condition.test.role == "caught"


def _rows(inspection: Inspection, iterable: Value, several: list[Query]) -> Query | None:
    """The query whose rows a loop goes over."""
    for inner in inner_iterables(iterable):
        source = inspection.guards.rows.source(inner)
        if source is not None and source in several:
            return source
    return None


def _is_short(query: Query) -> bool:
    """Whether the statement asks for a handful of rows: `.limit(5)`."""
    found = query.result.arguments.positional[0] if query.result.arguments.positional else None
    while isinstance(found, Application):
        if called_name(found) == "limit" and found.arguments.positional:
            limit = found.arguments.positional[0]
            return isinstance(limit, Const) and isinstance(limit.value, int) and limit.value <= _FEW
        found = receiver(found)
    return False


def _model(query: Query | None) -> str:
    return name_of(query.tables[0]) if query is not None and query.tables else ""
