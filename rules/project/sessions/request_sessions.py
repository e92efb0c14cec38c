"""What each request does with database sessions: read once from its run, for all rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    return tuple(_of_request(inspection) for inspection in inspections)


def _of_request(inspection: Inspection) -> RequestSessions:
    uses: list[SessionUse] = []
    made: list[tuple[int, Effect]] = []
    for position, effect in enumerate(inspection.run.log.effects):
        if effect.kind != "call" or not isinstance(effect.value, Application | Instance):
            continue
        call = session_call(effect)
        if call is not None:
            uses.append(SessionUse(position, effect, call))
        if is_made(effect):
            made.append((position, effect))
    return RequestSessions(inspection, tuple(uses), tuple(made))
