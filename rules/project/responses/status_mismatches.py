"""Statuses that say something else than what the route does."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rules.evaluation.values import Condition
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.terms import called_name, contains
from rules.project.responses.answers import Answer, answers, is_response_value
from rules.project.responses.returns import Returned, returned, status_writes
from rules.project.routing.routes import Route
from rules.project.schema.tables import Tables
from rules.project.sessions.observations import only_observes
from rules.project.sessions.row_writes import Change, RowWrite, row_writes
from rules.rule import Confidence

_MAKES = ("create", "add", "register", "signup", "sign_up", "new", "insert", "post_", "make")
_COMMITS = frozenset({"commit", "begin", "transaction", "atomic", "flush"})


class Meaning(enum.Enum):
    """What the status does not say."""

    CREATED = "created"
    NOT_CREATED = "not created"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, eq=False)
class StatusMismatch:
    """A route that answers `given` where `meant` says what it does; `write` is the row that it adds."""

    inspection: Inspection
    meaning: Meaning
    given: int
    meant: int
    confidence: Confidence
    write: RowWrite | None = None

    @property
    def route(self) -> Route:
        """The route."""
        return self.inspection.route


def status_mismatches(
    inspection: Inspection, tables: Tables, signing_in: Collection[int]
) -> Iterator[StatusMismatch]:
    """What is wrong with one route's own status; `signing_in` are inspections, by identity, to leave out."""
    route = inspection.route
    given = route.status_code
    if route.kind != "api" or (given is None and _status_is_written(route)):
        return
    methods = set(route.methods)
    if given == 201 and methods and methods <= {"GET", "HEAD", "DELETE"}:
        yield StatusMismatch(inspection, Meaning.NOT_CREATED, 201, 200, Confidence.HIGH)
    elif given in {None, 200} and methods == {"DELETE"}:
        if _is_empty(inspection):
            yield StatusMismatch(inspection, Meaning.EMPTY, 200, 204, _confidence(inspection))
    elif given in {None, 200} and methods == {"POST"} and id(inspection) not in signing_in:
        yield from _created(inspection, tables)


def _status_is_written(route: Route) -> bool:
    return "status_code" in route.placed.endpoint.arguments.keywords


def _is_empty(inspection: Inspection) -> bool:
    """Whether nothing is ever answered, and nobody sets another status."""
    if inspection.route.response_type is not None or _sets_success(inspection):
        return False
    return answers(inspection.run.handler.value) == {Answer.NOTHING}


def _sets_success(inspection: Inspection) -> bool:
    """Whether another status than the declared one may be set; errors set theirs on exceptions."""
    return any(code < 400 for code, _ in status_writes(inspection))


def _confidence(inspection: Inspection) -> Confidence:
    sure = inspection.route.resolved and inspection.run.handler.complete
    return Confidence.HIGH if sure else Confidence.MEDIUM


def _created(inspection: Inspection, tables: Tables) -> Iterator[StatusMismatch]:
    """A row that every path adds, which the answer shows or the handler is named for."""
    found = list(returned(inspection))
    if _sets_success(inspection) or any(is_response_value(r.value) for r in found):
        return
    start = inspection.run.log.handler
    writes = [w for w in row_writes(inspection, tables) if w.position >= start and not only_observes(w)]
    write = next((w for w in writes if w.change is Change.ADDS), None)
    if write is None or not _commits(inspection) or any(_changes_same(other, write) for other in writes):
        return
    shown = [r for r in found if write.row is not None and contains(r.value, write.row)]
    named = inspection.route.name.lower().startswith(_MAKES)
    if any(_goes_without(each, write) for each in found) or not (shown or named):
        return
    sure = _confidence(inspection) if shown else Confidence.MEDIUM
    yield StatusMismatch(inspection, Meaning.CREATED, 200, 201, sure, write)


def _changes_same(other: RowWrite, write: RowWrite) -> bool:
    """Whether rows of the same table are changed or deleted too: a save, a replacement, a toggle."""
    return other.table is write.table and other.change is not Change.ADDS


def _goes_without(answer: Returned, write: RowWrite) -> bool:
    """Whether the answer belongs to a path on which the row is not added."""
    held = {_key(condition) for condition in answer.conditions}
    return any((test, not negated) in held for test, negated in map(_key, write.effect.conditions))


def _key(condition: Condition) -> tuple[int, bool]:
    return id(condition.test), condition.negated


def _commits(inspection: Inspection) -> bool:
    return any(e.kind == "call" and called_name(e.value) in _COMMITS for e in inspection.run.log.effects)
