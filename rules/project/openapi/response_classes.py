"""What a response class decides: the media type, the status that it has by default, whether it holds JSON."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.attributes import find_in_class
from rules.evaluation.values import ClassValue, Const, Value
from rules.project.openapi.json_values import by_default, text_value
from rules.project.routing.framework import base_classes, split

_MEDIA_TYPES = {
    "JSONResponse": "application/json", "ORJSONResponse": "application/json",
    "UJSONResponse": "application/json", "HTMLResponse": "text/html", "PlainTextResponse": "text/plain",
    "EventSourceResponse": "text/event-stream", "Response": None, "StreamingResponse": None,
    "FileResponse": None, "RedirectResponse": None,
}  # fmt: skip
_JSON = frozenset({"JSONResponse", "ORJSONResponse", "UJSONResponse"})


@dataclass(frozen=True, slots=True)
class ResponseClass:
    """A response class. `given` is false for FastAPI's default; without `known` nothing else holds."""

    media_type: str | None = "application/json"
    status: int = 200
    is_json: bool = True
    is_event_stream: bool = False
    given: bool = True
    known: bool = True


def response_class(value: Value | None) -> ResponseClass:
    """What is known of a `response_class` argument; None is FastAPI's default."""
    if value is None:
        return ResponseClass(given=False)
    value = by_default(value)
    names = [split(name)[1] for name in base_classes(value) if split(name)[0] in {"fastapi", "starlette"}]
    name = next((found for found in names if found in _MEDIA_TYPES), None)
    if name is None:
        return ResponseClass(known=False)
    media_type = _MEDIA_TYPES[name]
    if isinstance(value, ClassValue) and (found := find_in_class(value, "media_type")) is not None:
        media_type = None if isinstance(found[0], Const) and found[0].value is None else text_value(found[0])
    return ResponseClass(
        media_type=media_type,
        status=307 if name == "RedirectResponse" else 200,
        is_json=name in _JSON,
        is_event_stream=name == "EventSourceResponse",
    )
