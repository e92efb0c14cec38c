"""Relationships that are loaded when they are read, in a loop over the rows of a query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, Item, Member, Value
from rules.finding import Place
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.placement import place_of
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import argument_values, called_name, children, receiver, walk
from rules.project.schema.relationships import Relationship
from rules.project.schema.tables import Table
from rules.project.sessions.session_values import Mode, session_call

if TYPE_CHECKING:
    from rules.project.project import Project

_MAX_TERMS = 20_000
_WHEN_READ = frozenset({"select", True})


@dataclass(frozen=True, slots=True, eq=False)
class LazyLoad:
    """`row.name` read in a loop over `rows`, where `name` is a relationship that is not loaded with them."""

    inspection: Inspection
    rows: Query
    model: str
    name: str
    place: Place


def lazy_loads(project: Project) -> Iterator[LazyLoad]:
    """Each place once, with the first route that reaches it."""
    seen: set[Place] = set()
    for inspection in project.isolation.inspections():
        for found in _of_request(project, inspection):
            if found.place not in seen:
                seen.add(found.place)
                yield found


def _of_request(project: Project, inspection: Inspection) -> Iterator[LazyLoad]:
    lazy: dict[int, tuple[Query, Table, set[str]]] = {}
    for query in inspection.guards.queries:
        table = project.tables.of_class(query.tables[0]) if query.kind == "rows" and query.tables else None
        if table is None or len(query.tables) != 1 or not _is_blocking(query):
            continue
        names = {r.name for r in table.relationships if _loads_when_read(r) and not _is_loaded(query, r)}
        if names:
            lazy[id(query)] = (query, table, names)
    if not lazy:
        return
    for member in _members(inspection):
        of = member.of
        if not isinstance(of, Item) or of.key is not None:
            continue
        source = inspection.guards.rows.source(of.of)
        found = lazy.get(id(source)) if source is not None else None
        if found is not None and member.name in found[2]:
            yield LazyLoad(inspection, found[0], found[1].model_name, member.name, place_of(member.origin))


def _is_blocking(query: Query) -> bool:
    """Only a synchronous session loads by itself; an asynchronous one raises."""
    call = session_call(query.effect)
    return call is not None and call.session.mode is Mode.SYNC


def _loads_when_read(relationship: Relationship) -> bool:
    lazy = dict(relationship.arguments).get("lazy")
    return lazy is None or (isinstance(lazy, Const) and lazy.value in _WHEN_READ)


def _is_loaded(query: Query, relationship: Relationship) -> bool:
    """Whether the statement loads it with the rows, or all rows have the same one."""
    statement = query.variants[0].statement
    if not relationship.many and any(
        isinstance(node, Member) and node.name == f"{relationship.name}_id"
        for criterion in statement.filters
        for node in walk(criterion)
    ):
        return True
    return any(
        not isinstance(node, Application | Member) or getattr(node, "name", "") == relationship.name
        for options in _options(query)
        for argument in argument_values(options.arguments)
        for node in (argument, *(n for n in walk(argument) if isinstance(n, Member)))
    )


def _options(query: Query) -> Iterator[Application]:
    """The `.options(…)` calls of the statement."""
    pending: list[Value] = [*argument_values(query.result.arguments), query.result]
    for value in pending[:4]:
        current: Value | None = value
        while isinstance(current, Application):
            if called_name(current) == "options":
                yield current
            current = receiver(current)


def _members(inspection: Inspection) -> Iterator[Member]:
    """The attributes that a run's calls, results and assignments are made of, each once."""
    seen: set[int] = set()
    for effect in inspection.run.log.effects:
        pending = [effect.value]
        while pending and len(seen) < _MAX_TERMS:
            value = pending.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, Member):
                yield value
            pending.extend(children(value))
