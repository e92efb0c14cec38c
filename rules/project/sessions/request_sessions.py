"""What each request does with database sessions: read once from its run, for all rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from rules.evaluation.values import Application, Effect, Instance
from rules.project.isolation.inspection import Inspection
from rules.project.sessions.session_values import SessionCall, is_made, session_call


@dataclass(frozen=True, slots=True, eq=False)
class SessionUse:
    """A call on a session, and its position in the run."""

    position: int
    effect: Effect
    call: SessionCall


@dataclass(frozen=True, slots=True, eq=False)
class RequestSessions:
    """One route's sessions: the calls on them, and where they or engines are made."""

    inspection: Inspection
    uses: tuple[SessionUse, ...]
    made: tuple[tuple[int, Effect], ...]


def request_sessions(inspections: Iterable[Inspection]) -> tuple[RequestSessions, ...]:
    """The sessions of every request."""
    known: _Known = {}
    return tuple(_of_request(inspection, known) for inspection in inspections)


_Known: TypeAlias = dict[int, tuple[SessionCall | None, bool]]
"""By value: the call on a session that it is, and whether it makes a session. Requests share most calls."""


def _of_request(inspection: Inspection, known: _Known) -> RequestSessions:
    uses: list[SessionUse] = []
    made: list[tuple[int, Effect]] = []
    for position, effect in enumerate(inspection.run.log.effects):
        if effect.kind != "call" or not isinstance(effect.value, Application | Instance):
            continue
        found = known.get(id(effect.value))
        if found is None:
            found = known[id(effect.value)] = session_call(effect), is_made(effect)
        call, makes = found
        if call is not None:
            uses.append(SessionUse(position, effect, call))
        if makes:
            made.append((position, effect))
    return RequestSessions(inspection, tuple(uses), tuple(made))
