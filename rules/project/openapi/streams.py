"""Handlers that yield: what they stream, as FastAPI tells it from 0.134 on."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import FunctionValue, Parametrized, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.openapi.json_values import Schema
from rules.project.openapi.response_classes import ResponseClass
from rules.project.routing.callables import unwrapped
from rules.project.routing.framework import base_classes, split
from rules.project.routing.response_models import is_stream
from rules.project.routing.routes import Route
from rules.project.routing.signatures import Signatures

EVENT: Schema = {
    "type": "object",
    "properties": {
        "data": {"type": "string"},
        "event": {"type": "string"},
        "id": {"type": "string"},
        "retry": {"type": "integer", "minimum": 0},
    },
}


@dataclass(frozen=True, slots=True)
class StreamItem:
    """One item of a stream; without a `type` nothing is said of it."""

    type: Value | None


def stream_item(machine: Machine, route: Route, made: ResponseClass) -> StreamItem | None:
    """What a handler streams as JSON lines or events; None for one that does not."""
    if made.given and not made.is_event_stream:
        return None
    handler = unwrapped(route.handler)
    if not isinstance(handler, FunctionValue) or not _yields(machine, handler):
        return None
    returned = Signatures(machine).returns(route.handler)
    if returned is None or not is_stream(returned) or not isinstance(returned, Parametrized):
        return StreamItem(None)
    item = returned.arguments[0] if returned.arguments else None
    if item is None or any(split(name)[1] == "ServerSentEvent" for name in base_classes(item)):
        return StreamItem(None)
    return StreamItem(item)


def _yields(machine: Machine, function: FunctionValue) -> bool:
    return any(isinstance(node, ir.Yield) for node in walk(machine.body(function)))
