"""Errors that do not arrive as errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Const, Dictionary, Origin, Sequence, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import Frame, Frames, covers
from rules.project.isolation.inspection import Inspection
from rules.project.responses.returns import (
    Returned,
    http_exception_status,
    is_http_exception,
    returned,
    status_writes,
)
from rules.project.routing.readings import status

_ERROR_KEYS = frozenset({"error", "detail", "errors"})
_BROAD = frozenset({"Exception", "BaseException"})
_HTTP = frozenset({"HTTPException", "StarletteHTTPException"})


@dataclass(frozen=True, slots=True)
class WrongError:
    """An error that is none for the client.

    `way` is `tuple` (`return x, 404`), `dict` (an error's text with status 200), `returned` (an exception
    that is not raised), `status` (an HTTPException below 300) or `swallowed`; `code` the status meant.
    """

    inspection: Inspection
    way: str
    origin: Origin
    code: int | None = None
    handler: Origin | None = None


def wrong_errors(inspection: Inspection, frames: Frames) -> Iterator[WrongError]:
    """All of one route."""
    if inspection.route.kind != "api":
        return
    found = list(returned(inspection))
    for each in found:
        yield from _returned(inspection, each, found)
    for effect in inspection.run.log.effects:
        if effect.kind != "raise" or not is_http_exception(effect.value):
            continue
        code = http_exception_status(effect.value)
        if code is not None and code < 300:
            yield WrongError(inspection, "status", effect.origin, code)
        for frame in frames.of(effect)[-1:]:
            handler = _swallowing(frame, effect.origin)
            if handler is not None:
                yield WrongError(inspection, "swallowed", effect.origin, code, handler)


def _returned(inspection: Inspection, each: Returned, found: list[Returned]) -> Iterator[WrongError]:
    value = each.value
    if is_http_exception(value):
        yield WrongError(inspection, "returned", each.origin, http_exception_status(value))
    elif isinstance(value, Sequence) and value.kind == "tuple" and len(value.items) == 2:
        code = status(value.items[1])
        if code is not None and 400 <= code < 600:
            yield WrongError(inspection, "tuple", each.origin, code)
    elif _is_error(value) and _is_exceptional(inspection, each, found):
        yield WrongError(inspection, "dict", each.origin)


def _is_error(value: Value) -> bool:
    """A dict written out whose only news is an error's text."""
    if not isinstance(value, Dictionary) or value.is_open or not value.items:
        return False
    keys = {key.value for key, _ in value.items if isinstance(key, Const)}
    texts = [v for k, v in value.items if isinstance(k, Const) and k.value in _ERROR_KEYS]
    known = all(isinstance(v, Const) and isinstance(v.value, str) for v in texts)
    return bool(keys & _ERROR_KEYS) and len(keys) <= 2 and known


def _is_exceptional(inspection: Inspection, each: Returned, found: list[Returned]) -> bool:
    """Whether only some paths answer so, others with something else, and nobody sets another status."""
    route = inspection.route
    if (
        not each.conditions
        or (route.status_code or 200) >= 400
        or any(True for _ in status_writes(inspection))
    ):
        return False
    return route.response_type is None and any(not _is_error(other.value) for other in found)


def _swallowing(frame: Frame, origin: Origin) -> Origin | None:
    """The broad `except` of the same function that catches what is raised here and does not pass it on."""
    tries = [node for node in walk(frame.body()) if isinstance(node, ir.Try)]
    around = [node for node in tries if any(covers(statement, origin.node) for statement in node.body)]
    for node in sorted(around, key=lambda n: (-n.line, -n.column)):
        for handler in node.handlers:
            names = set(_names(handler.types))
            if names & _HTTP:
                break
            if handler.types is None or names & _BROAD:
                return None if _passes_on(handler) else Origin(frame.module, handler)
    return None


def _names(types: ir.Expr | None) -> Iterator[str]:
    for node in walk(types) if types is not None else ():
        if isinstance(node, ir.Name):
            yield node.id
        elif isinstance(node, ir.Attribute):
            yield node.name


def _passes_on(handler: ir.Handler) -> bool:
    """Whether the handler raises what it caught again, or asks what it is before it answers."""
    for node in walk(handler.body):
        if isinstance(node, ir.Raise) and (node.exception is None or _is_name(node.exception, handler.name)):
            return True
        if isinstance(node, ir.Call) and _is_name(node.function, "isinstance"):
            return True
    return False


def _is_name(node: ir.Node | None, name: str | None) -> bool:
    return isinstance(node, ir.Name) and node.id == name
