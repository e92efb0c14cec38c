"""The responses of an operation: its own, and those that are declared beside it."""

from __future__ import annotations

import http.client

from rules.evaluation.values import Const, Dictionary, Value
from rules.project.openapi.json_values import UNKNOWN, Json, Schema, by_default, json_value, unknown
from rules.project.openapi.response_classes import ResponseClass, response_class
from rules.project.openapi.route_options import RouteOptions
from rules.project.openapi.streams import EVENT, stream_item
from rules.project.openapi.type_schemas import TypeSchemas
from rules.project.routing.readings import is_none
from rules.project.routing.routes import Route

_RANGES = {
    "1XX": "Information", "2XX": "Success", "3XX": "Redirection", "4XX": "Client Error",
    "5XX": "Server Error", "DEFAULT": "Default Response",
}  # fmt: skip
_WITHOUT_BODY = frozenset({204, 205, 304})


class Responses:
    """Describes responses (read in fastapi.openapi.utils.get_openapi_path of FastAPI 0.165)."""

    def __init__(self, types: TypeSchemas) -> None:
        self._types = types

    def of(self, route: Route, options: RouteOptions, operation: str) -> Schema:
        """The responses by status."""
        made = response_class(options.nearest("response_class", "default_response_class"))
        declared = options.own.get("status_code")
        status = route.status_code
        if status is None and declared is not None and not is_none(declared):
            found: Schema = {UNKNOWN: True}
        else:
            main = self._main(route, made, status, operation)
            main["description"] = json_value(options.own.get("response_description")) or "Successful Response"
            found = {str(made.status if status is None else status): main}
        added = options.merged("responses")
        if added is None:
            found[UNKNOWN] = True
        for key, response in added or ():
            self._add(found, key, response, made, operation)
        return found

    def _main(self, route: Route, made: ResponseClass, status: int | None, operation: str) -> Schema:
        if not made.known:
            return unknown()
        if status is not None and (status < 200 or status in _WITHOUT_BODY):
            return {}
        item = stream_item(self._types.machine, route, made) if self._types.dialect.streams else None
        if item is not None:
            return {"content": self._stream(item.type, made)}
        if made.media_type is None:
            return {}
        schema: Schema = {"type": "string"}
        if made.is_json:
            title = f"Response_{operation}"
            schema = {} if route.response_type is None else self._named(route.response_type, title)
        return {"content": {made.media_type: {"schema": schema}}}

    def _stream(self, item: Value | None, made: ResponseClass) -> Schema:
        schema = {} if item is None else self._types.response(item)
        if not made.is_event_stream:
            return {"application/jsonl": {"itemSchema": schema}}
        if item is None:
            return {"text/event-stream": {"itemSchema": EVENT}}
        data = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
        properties = {**EVENT["properties"], "data": data}
        return {
            "text/event-stream": {"itemSchema": {**EVENT, "required": ["data"], "properties": properties}}
        }

    def _named(self, value: Value, name: str) -> Schema:
        schema = self._types.response(value)
        return schema if "$ref" in schema else {**schema, "title": name.title().replace("_", " ")}

    def _add(self, found: Schema, key: Value, response: Value, made: ResponseClass, operation: str) -> None:
        status = json_value(key)
        response = by_default(response)
        if isinstance(status, dict) or not isinstance(response, Dictionary):
            found[UNKNOWN] = True
            return
        spelled = str(status).upper()
        name = "default" if spelled == "DEFAULT" else spelled
        parts = {str(json_value(k)): v for k, v in response.items}
        model = parts.pop("model", Const(None))
        described: Json = {part: json_value(value) for part, value in parts.items()}
        if not is_none(model):
            content = described.setdefault("content", {}).setdefault(
                made.media_type or "application/json", {}
            )
            schema = self._named(model, f"Response_{status}_{operation}")
            content["schema"] = merged(content.get("schema", {}), schema)
        before = found.get(name, {})
        text = described.get("description") or before.get("description") or _RANGES.get(spelled)
        found[name] = merged(before, described)
        found[name]["description"] = text or _phrase(spelled)


def _phrase(status: str) -> str:
    return (http.client.responses.get(int(status)) if status.isdigit() else None) or "Additional Response"


def merged(first: Json, second: Json) -> Json:
    """Two objects as FastAPI merges them: dicts key by key, lists one after the other."""
    found = dict(first)
    for key, value in second.items():
        before = found.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            found[key] = merged(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            found[key] = before + value
        else:
            found[key] = value
    return found
