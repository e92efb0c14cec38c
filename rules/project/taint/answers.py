"""What is sent to the client: responses, HTTP errors, messages of websockets."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Instance, Symbol, Value
from rules.project.isolation.provenance import root_of
from rules.project.isolation.roles import Connection
from rules.project.isolation.terms import argument_values
from rules.project.taint.library_calls import LibraryCall, library_call

_SENDS = frozenset({"send_text", "send_json", "send_bytes", "close"})
_ERRORS = ("HTTPException", "WebSocketException")


def is_answer(call: LibraryCall) -> bool:
    """Whether a call makes a response, or sends a message over a websocket."""
    if call.library in {"fastapi", "starlette"} and call.method.endswith("Response"):
        return True
    return call.method in _SENDS and call.receiver is not None and _is_connection(call.receiver)


def _is_connection(value: Value) -> bool:
    root = root_of(value)
    return isinstance(root, Symbol) and isinstance(root.role, Connection)


def of_error(value: Value) -> Iterator[Value]:
    """What a raised HTTP error tells the client."""
    call = library_call(value)
    if call is not None and call.method.endswith(_ERRORS):
        yield from argument_values(call.arguments)
    if isinstance(value, Instance) and any(name.endswith("HTTPException") for name in value.cls.externals()):
        yield from value.attributes.values()
