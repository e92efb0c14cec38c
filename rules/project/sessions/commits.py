"""Writes that no path of their request commits, and commits inside loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    ClassValue,
    Condition,
    Effect,
    FunctionValue,
    Member,
    Operation,
    Origin,
    Sequence,
    Unknown,
    Value,
)
from rules.finding import Place
from rules.project.call_frames import decorator_names
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.placement import place_of
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import argument_values, called_name, walk
from rules.project.queries.loops import is_each, loops
from rules.project.sessions.request_sessions import RequestSessions, SessionUse
from rules.project.sessions.session_values import session_of
from rules.rule import Confidence

if TYPE_CHECKING:
    from rules.project.project import Project

WRITES = frozenset({"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"})
_COMMITS = frozenset({"commit", "begin", "begin_nested", "transaction", "atomic", "in_transaction"})
_TRANSACTIONAL = ("commit", "transaction", "atomic", "unit_of_work", "uow")
_READING = ("paginate", "refresh", "inspect")
_EXITS = (b"__exit__", b"__aexit__")


@dataclass(frozen=True, slots=True, eq=False)
class Uncommitted:
    """A write of a request in which nothing commits."""

    inspection: Inspection
    effect: Effect
    what: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, eq=False)
class LoopedCommit:
    """A commit that a loop repeats; `site` is the call in the loop."""

    inspection: Inspection
    effect: Effect
    site: Origin

    @property
    def place(self) -> Place:
        """The call in the loop that commits."""
        return place_of(self.site)


def uncommitted_writes(project: Project) -> Iterator[Uncommitted]:
    """The first write of each request whose run shows no commit anywhere."""
    doubtful = _commits_on_exit(project)
    for request in project.request_sessions:
        write = _first_write(project, request)
        if write is None or _may_commit(project, request):
            continue
        what, effect = write
        sure = request.inspection.run.complete and not doubtful and not _has_unknown_calls(request)
        confidence = Confidence.HIGH if sure else Confidence.LOW
        yield Uncommitted(request.inspection, effect, what, confidence)


def looped_commits(project: Project) -> Iterator[LoopedCommit]:
    """Each commit in a loop over something that only the request knows, once.

    A loop whose every pass has a session of its own means to commit each.
    """
    seen: set[Place] = set()
    for request in project.request_sessions:
        looped = {id(e.value) for _, e in request.made if any(is_each(c) for c in e.conditions)}
        for use in request.uses if not request.inspection.route.is_websocket else ():
            if use.call.method != "commit" or not use.call.direct or _in_batches(use.effect):
                continue
            if id(use.call.session.value) in looped:
                continue
            for loop in loops(use.effect, project.frames.of(use.effect)):
                if loop.tolerant or _gives_sessions(loop.iterable):
                    continue
                found = LoopedCommit(request.inspection, use.effect, loop.site)
                if found.place not in seen:
                    seen.add(found.place)
                    yield found
                break


def _gives_sessions(iterable: Value) -> bool:
    """Whether a loop goes over a generator of sessions, as `async for session in get_session()` does."""
    return isinstance(iterable, Sequence) and any(session_of(item) is not None for item in iterable.items)


def _in_batches(effect: Effect) -> bool:
    """Whether the commit also depends on a count, as `if n % 1000 == 0` does."""
    return any(_counts(condition) for condition in effect.conditions)


def _counts(condition: Condition) -> bool:
    return any(isinstance(n, Operation) and n.operator in {"%", ">=", ">"} for n in walk(condition.test))


def _first_write(project: Project, request: RequestSessions) -> tuple[str, Effect] | None:
    """What the request writes first: rows that are added or deleted, statements, attributes of rows."""
    queries = {id(query.effect): query for query in request.inspection.guards.queries}
    use = next((use for use in request.uses if _writes(use, queries)), None)
    if use is not None:
        query = queries.get(id(use.effect))
        return (
            query.kind if query is not None and use.call.method not in WRITES else use.call.method
        ), use.effect
    return _attribute_write(project, request.inspection)


def _writes(use: SessionUse, queries: dict[int, Query]) -> bool:
    if use.call.direct and use.call.method in WRITES:
        return True
    query = queries.get(id(use.effect))
    return query is not None and query.kind in {"update", "delete", "insert"}


def _attribute_write(project: Project, inspection: Inspection) -> tuple[str, Effect] | None:
    """An attribute of a queried row that is set, where the attribute is a column."""
    for effect in inspection.run.log.effects:
        if effect.kind != "set" or effect.target is None:
            continue
        query = inspection.guards.rows.source(effect.target)
        if query is None or query.kind not in {"row", "rows"} or not query.tables:
            continue
        if isinstance(effect.target, Member):
            continue
        table = project.tables.of_class(query.tables[0])
        if table is not None and table.of_attribute(effect.name) is not None and _on_session(query):
            return f"{table.model_name}.{effect.name}", effect
    return None


def _on_session(query: Query) -> bool:
    call = query.result
    return isinstance(call.function, Member) and _rooted(call.function.of)


def _rooted(value: Value) -> bool:
    for _ in range(40):
        if session_of(value) is not None:
            return True
        if not isinstance(value, Application) or not isinstance(value.function, Member):
            return False
        value = value.function.of
    return False


def _may_commit(project: Project, request: RequestSessions) -> bool:
    """Whether anything in the request commits, or takes the session and may."""
    inspection = request.inspection
    sessions = {id(use.call.session.value) for use in request.uses}
    for effect in inspection.run.log.effects:
        if effect.kind == "call" and (_commits(effect.value) or _passes_session(effect.value, sessions)):
            return True
    modules = {effect.origin.module for _, effect in request.made}
    if any(b"autocommit" in m.source.data.lower() for m in modules):
        return True
    return _middleware_commits(inspection) or _is_transactional(project, request)


def _commits(call: Value) -> bool:
    return called_name(call) in _COMMITS


def _passes_session(call: Value, sessions: set[int]) -> bool:
    """Whether a function outside the project gets the session; one that reads alone does not count."""
    if not isinstance(call, Application):
        return False
    name = called_name(call).lower()
    if any(word in name for word in _READING):
        return False
    if isinstance(call.function, Member) and session_of(call.function.of) is not None:
        return False
    return any(id(argument) in sessions for argument in argument_values(call.arguments))


def _middleware_commits(inspection: Inspection) -> bool:
    return any(
        isinstance(value, ClassValue | FunctionValue) and "commit" in value.module.source.segment(value.node)
        for middleware in inspection.route.middleware
        for value in (middleware.cls, middleware.dispatch)
    )


def _is_transactional(project: Project, request: RequestSessions) -> bool:
    """Whether a function on the way to a write has a decorator that says that it commits."""
    return any(
        word in name.lower()
        for use in request.uses
        if use.call.method in WRITES
        for frame in project.frames.of(use.effect)
        for name in decorator_names(frame.function)
        for word in _TRANSACTIONAL
    )


def _commits_on_exit(project: Project) -> bool:
    """Whether some context manager of the project commits when it is left: units of work do."""
    return any(
        b"commit" in source.data and any(mark in source.data for mark in _EXITS)
        for source in project.files.values()
        if source.is_python
    )


def _has_unknown_calls(request: RequestSessions) -> bool:
    """Whether the request calls something of which nothing is known."""
    return any(
        effect.kind == "call" and isinstance(effect.value, Application) and _is_unknown(effect.value.function)
        for effect in request.inspection.run.log.effects
    )


def _is_unknown(function: Value) -> bool:
    while isinstance(function, Member | Application):
        function = function.of if isinstance(function, Member) else function.function
    return isinstance(function, Unknown)
