"""Requests and answers of the REST API held to the slice of GitHub's OpenAPI that is used here."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import jsonschema
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from bot.demo.github.api import ENDPOINTS
from bot.demo.github.exchange import Exchange
from tests.github.packages import OPENAPI, package_folder

SERVER = "https://api.github.com"
# What GitHub serves and its description leaves out.
UNDESCRIBED = frozenset({("POST", "/graphql"), ("POST", "/api/graphql")})
# Where a 301 leads to for a repository that was renamed or transferred.
BY_ID = "/repositories/"
LONG_PARAMETER = re.compile(r"^(/repos/[^/]+/[^/]+/(?:git/refs?|contents|compare|branches)/)(.+)$")
# Null for a comment that is out of date or on a whole file: GitHub's own webhook examples have it so.
NULLABLE_IN_FACT = {
    "pull-request-review-comment": ("line", "original_line", "position"),
    "review-comment": ("line", "original_line"),
}


@dataclasses.dataclass(slots=True)
class _Request:
    """An exchange's request as openapi-core wants it."""

    exchange: Exchange
    parameters: RequestParameters

    @property
    def host_url(self) -> str:
        return SERVER

    @property
    def path(self) -> str:
        """The path, with the slashes of a last parameter escaped: a template's parameter has none."""
        return LONG_PARAMETER.sub(lambda match: match[1] + match[2].replace("/", "%2F"), self.exchange.path)

    @property
    def method(self) -> str:
        return self.exchange.method.lower()

    @property
    def content_type(self) -> str:
        return self.exchange.request_headers.get("content-type", "application/json").split(";")[0]

    @property
    def body(self) -> bytes | None:
        return self.exchange.request_body or None


@dataclasses.dataclass(frozen=True, slots=True)
class _Response:
    """An exchange's answer as openapi-core wants it."""

    exchange: Exchange

    @property
    def status_code(self) -> int:
        return self.exchange.status

    @property
    def headers(self) -> dict[str, Any]:
        return dict(self.exchange.response_headers)

    @property
    def content_type(self) -> str:
        return self.exchange.response_headers.get("content-type", "application/json").split(";")[0]

    @property
    def data(self) -> bytes:
        return self.exchange.response_body


def violations(exchange: Exchange) -> list[str]:
    """What GitHub's description says against this exchange.

    A request that was refused may well be wrong, so its body is not looked at. An error that the description
    does not list for the operation must have the form of GitHub's errors.
    """
    if (exchange.method, exchange.path) in UNDESCRIBED or exchange.path.startswith(BY_ID):
        return []
    query: ImmutableMultiDict[str, str] = ImmutableMultiDict(parse_qsl(exchange.query))
    parameters = RequestParameters(query=query, header=Headers(dict(exchange.request_headers)))
    request, response = _Request(exchange, parameters), _Response(exchange)
    found: list[str] = []
    try:
        if exchange.status < 400:
            described().validate_request(request)
        if exchange.status == 304 or (exchange.status >= 300 and not _is_listed(exchange)):
            _check_error(exchange)
        else:
            described().validate_response(request, response)
    except (OpenAPIError, jsonschema.ValidationError) as error:
        found.append(f"{exchange.method} {exchange.path} → {exchange.status}: {_explained(error)}")
    return found


def _check_error(exchange: Exchange) -> None:
    if exchange.status == 304:
        return
    schema = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
    jsonschema.validate(json.loads(exchange.response_body), schema)


def _is_listed(exchange: Exchange) -> bool:
    for path, operations in _document()["paths"].items():
        if re.fullmatch(re.sub(r"\{[^/]+\}", "[^/]+", path), exchange.path):
            responses = operations.get(exchange.method.lower(), {}).get("responses", {})
            return str(exchange.status) in responses
    return False


def _explained(error: BaseException) -> str:
    problems = getattr(error, "schema_errors", None)
    if problems:
        return " | ".join(
            f"{'/'.join(map(str, each.absolute_path))}: {each.message[:300]}" for each in problems
        )
    return str(error)[:500] if error.__cause__ is None else _explained(error.__cause__)


@functools.cache
def described() -> OpenAPI:
    return OpenAPI.from_dict(_document(), config=Config(spec_validator_cls=None))  # type: ignore[arg-type]  # None works


@functools.cache
def _document() -> dict[str, Any]:
    """GitHub's description, cut down to the paths that the local GitHub serves."""
    whole = json.loads((package_folder(OPENAPI) / "generated" / "api.github.com.json").read_bytes())
    served = {_shape(endpoint.path) for endpoint in ENDPOINTS}
    paths = {path: operations for path, operations in whole["paths"].items() if _shape(path) in served}
    cut = {**{name: whole[name] for name in ("openapi", "info", "servers", "components")}, "paths": paths}
    for name, properties in NULLABLE_IN_FACT.items():
        for each in properties:
            cut["components"]["schemas"][name]["properties"][each]["nullable"] = True
    _amend(cut)
    return cut


def _amend(part: Any) -> None:
    """Say in OpenAPI 3.0's own terms what GitHub means: null beside an enumeration and beside alternatives.

    A discriminator is dropped where one of the alternatives is an array, which cannot have one.
    """
    if isinstance(part, list):
        for each in part:
            _amend(each)
    if not isinstance(part, dict):
        return
    if [each.get("title") for each in part.get("allOf", ())] == ["Simple User", "Enterprise"]:
        part["anyOf"] = part.pop("allOf")  # an account is one of them, never both
    if part.get("nullable") is True:
        if isinstance(part.get("enum"), list) and None not in part["enum"]:
            part["enum"].append(None)
        for alternatives in ("anyOf", "oneOf"):
            if isinstance(part.get(alternatives), list):
                part[alternatives].append({"enum": [None], "nullable": True})
    if {"$ref": "#/components/schemas/content-directory"} in part.get("oneOf", ()):
        part.pop("discriminator", None)
    for each in part.values():
        _amend(each)


def _shape(path: str) -> str:
    return re.sub(r"\{[^/]+\}", "{}", path)


def webhook_schema(name: str) -> dict[str, Any]:
    """The schema of a webhook's payload, `webhook-<name>` of the description."""
    return {"$ref": f"#/components/schemas/webhook-{name}", "components": _document()["components"]}
