"""Security schemes and what an operation requires of them."""

from __future__ import annotations

from rules.evaluation.values import Application, Arguments, Dictionary, Instance, Value
from rules.project.annotations import called
from rules.project.openapi.dependency_tree import Visited
from rules.project.openapi.json_values import UNKNOWN, Json, Schema, json_value, text_value
from rules.project.routing.framework import library_classes, security_scheme, split

_KEYS = {"APIKeyQuery": "query", "APIKeyHeader": "header", "APIKeyCookie": "cookie"}
_FLOWS = {
    "OAuth2PasswordBearer": "password",
    "OAuth2AuthorizationCodeBearer": "authorizationCode",
}
_ADDRESSES = {
    "OAuth2PasswordBearer": (("tokenUrl", 0, "tokenUrl"), ("refreshUrl", None, "refreshUrl")),
    "OAuth2AuthorizationCodeBearer": (
        ("authorizationUrl", 0, "authorizationUrl"),
        ("tokenUrl", 1, "tokenUrl"),
        ("refreshUrl", 2, "refreshUrl"),
    ),
}
_HTTP = {"HTTPBasic": "basic", "HTTPBearer": "bearer", "HTTPDigest": "digest"}


def security_of(found: list[Visited], *, merged: bool) -> tuple[dict[str, Schema], list[Schema]]:
    """The schemes that a dependency tree asks for, by name, and the operation's requirements.

    Without `merged` a scheme is required once for each place that asks for it.
    """
    schemes: dict[str, Schema] = {}
    scopes: dict[str, list[str]] = {}
    single: list[Schema] = []
    for visited in found:
        call = visited.dependant.call
        if visited.is_root or security_scheme(call) is None:
            continue
        if not isinstance(call, Application | Instance):
            continue
        name = text_value(call.arguments.keywords.get("scheme_name")) or security_scheme(call) or ""
        schemes[name] = _definition(call, call.arguments)
        single.append({name: list(visited.scopes)})
        wanted = scopes.setdefault(name, [])
        wanted.extend(scope for scope in visited.scopes if scope not in wanted)
    return schemes, [{name: wanted} for name, wanted in scopes.items()] if merged else single


def _definition(call: Application | Instance, given: Arguments) -> Schema:
    kinds = [split(name)[1] for name in library_classes(call)]
    kind = next((name for name in kinds if name in _ADDRESSES or name in _KEYS or name in _HTTP), "")
    kind = kind or next(iter(kinds), "")
    found: Schema
    if kind in _KEYS:
        found = {"type": "apiKey", "in": _KEYS[kind], "name": json_value(given.get(None, "name"))}
    elif kind in _ADDRESSES:
        found = {"type": "oauth2", "flows": {_FLOWS[kind]: _flow(kind, given)}}
    elif kind in _HTTP:
        found = {"type": "http", "scheme": _HTTP[kind]}
        found |= {"bearerFormat": json_value(given.get(None, "bearerFormat"))} if kind == "HTTPBearer" else {}
    elif kind == "HTTPBase":
        found = {"type": "http", "scheme": json_value(given.get(None, "scheme"))}
    elif kind == "OAuth2":
        flows = given.get(None, "flows")
        found = {"type": "oauth2", "flows": {} if flows is None else _flows(flows)}
    elif kind == "OpenIdConnect":
        found = {"type": "openIdConnect", "openIdConnectUrl": json_value(given.get(None, "openIdConnectUrl"))}
    else:
        found = _own_model(call)
    found.setdefault("description", json_value(given.get(None, "description")))
    return {key: value for key, value in found.items() if value is not None}


def _own_model(call: Application | Instance) -> Schema:
    """A scheme of the project's own, by the `self.model` that its constructor sets."""
    model = call.attributes.get("model")
    types = {"APIKey": "apiKey", "HTTPBase": "http", "HTTPBearer": "http", "OpenIdConnect": "openIdConnect"}
    if not isinstance(model, Application) or called(model) not in types:
        return {UNKNOWN: True}
    written = {name.rstrip("_"): json_value(value) for name, value in model.arguments.keywords.items()}
    scheme = {"scheme": "bearer"} if called(model) == "HTTPBearer" else {}
    return {"type": types[called(model)], **scheme, **written}


def _flow(kind: str, given: Arguments) -> Schema:
    found: Schema = {key: json_value(given.get(at, name)) for key, at, name in _ADDRESSES[kind]}
    scopes = given.get({"OAuth2PasswordBearer": 2}.get(kind, 4), "scopes")
    found["scopes"] = json_value(scopes) or {}
    return {key: value for key, value in found.items() if value is not None}


def _flows(value: Value) -> Json:
    """Flows as a dict, or as FastAPI's own model of them."""
    if isinstance(value, Dictionary):
        pairs = {str(json_value(key)): inner for key, inner in value.items}
    elif isinstance(value, Application):
        pairs = value.arguments.keywords
    else:
        return {UNKNOWN: True}
    found = {name: _one_flow(inner) for name, inner in pairs.items()}
    return {name: flow for name, flow in found.items() if flow is not None}


def _one_flow(value: Value) -> Json:
    found: Json = json_value(value)
    if isinstance(value, Application):
        found = {name: json_value(inner) for name, inner in value.arguments.keywords.items()}
    return {"scopes": {}, **found} if isinstance(found, dict) else found
