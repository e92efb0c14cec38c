"""Answers whose status allows no body, with a body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Origin
from rules.project.isolation.inspection import Inspection
from rules.project.responses.answers import Answer, answer, is_response_value
from rules.project.responses.returns import Returned, returned, status_writes
from rules.project.routing.readings import is_none, status

BODILESS = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class LostBody:
    """A body that never arrives.

    `way` is `declared` (the application does not start), `returned`, `written` (the status is set on an
    injected response) or `response` (a response object of that status).
    """

    inspection: Inspection
    code: int
    way: str
    origin: Origin
    value: Returned | None = None


def lost_bodies(inspection: Inspection) -> Iterator[LostBody]:
    """What one route gives although its status allows nothing."""
    route = inspection.route
    if route.kind != "api":
        return
    code = route.status_code
    if code in BODILESS and route.response_type is not None:
        yield LostBody(inspection, code or 0, "declared", route.origin)
        return
    written = {found for found, _ in status_writes(inspection) if found in BODILESS}
    for found in returned(inspection):
        if is_response_value(found.value):
            own = _own_status(found)
            if own in BODILESS and _has_content(found):
                yield LostBody(inspection, own or 0, "response", found.origin, found)
        elif answer(found.value) in {Answer.DATA, Answer.CONSTANT}:
            if code in BODILESS:
                yield LostBody(inspection, code or 0, "returned", found.origin, found)
            elif written and not route.status_code:
                yield from _after_writing(inspection, found)


def _after_writing(inspection: Inspection, found: Returned) -> Iterator[LostBody]:
    """A status set under the same conditions as the return that follows it."""
    for code, effect in status_writes(inspection):
        held = {(id(c.test), c.negated) for c in found.conditions}
        if code in BODILESS and {(id(c.test), c.negated) for c in effect.conditions} <= held:
            yield LostBody(inspection, code, "written", found.origin, found)


def _own_status(found: Returned) -> int | None:
    value = found.value
    if not isinstance(value, Application):
        return None
    return status(value.arguments.keywords.get("status_code") or value.arguments.get(1, "status_code"))


def _has_content(found: Returned) -> bool:
    assert isinstance(found.value, Application)
    content = found.value.arguments.get(0, "content")
    if content is None or is_none(content):
        return False
    return not (isinstance(content, Const) and content.value in ("", b""))
