"""One operation of the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import External
from rules.project.openapi.bodies import Bodies
from rules.project.openapi.dependency_tree import RequestParameter, request_parameters, visited
from rules.project.openapi.json_values import UNKNOWN, Json, Schema, json_value, text_value
from rules.project.openapi.operation_ids import operation_id
from rules.project.openapi.parameters import Parameters
from rules.project.openapi.responses import Responses, merged
from rules.project.openapi.route_options import RouteOptions, route_options
from rules.project.openapi.security import security_of
from rules.project.openapi.type_schemas import TypeSchemas
from rules.project.routing.callables import unwrapped
from rules.project.routing.routes import Route

_WITH_BODY = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"})
_PLACES = frozenset({"path", "query", "header", "cookie"})
_VALIDATION: Schema = {
    "description": "Validation Error",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}},
}


@dataclass(slots=True)
class Described:
    """A route in the document, as far as it was described: the parts are added one after the other.

    `schemes` are the security schemes that it needs, by name.
    """

    route: Route
    options: RouteOptions
    name: str | None
    identity: str
    parameters: list[RequestParameter]
    schemes: dict[str, Schema]
    required: list[Schema]
    body: Schema | None = None
    responses: Schema = field(default_factory=dict)
    validates: bool = False


class Operations:
    """Describes routes in FastAPI's order, on which the names of schemas depend: bodies before responses."""

    def __init__(self, types: TypeSchemas) -> None:
        self._types = types
        self._parameters = Parameters(types)
        self._bodies = Bodies(types)
        self._responses = Responses(types)

    def of(self, routes: list[tuple[Route, str]]) -> Iterator[tuple[Described, dict[str, Schema]]]:
        """The operations of routes by lower-case method; the paths have no convertors."""
        described = [self._begun(route, path) for route, path in routes]
        for found in described:
            found.body = self._bodies.of(found.parameters, found.identity)
        for found in described:
            found.responses = self._responses.of(found.route, found.options, found.identity)
        parameters = [self._parameters.of(found.parameters) for found in described]
        for found, shown in zip(described, parameters, strict=True):
            yield found, _operations(found, shown)

    def _begun(self, route: Route, path: str) -> Described:
        options, tree = route_options(route), list(visited(route.dependant))
        name = operation_id(self._types.machine, route, options, path)
        dialect = self._types.dialect
        parameters = [p for v in tree for p in request_parameters(v.dependant, dialect)]
        schemes, required = security_of(tree, merged=dialect.merges_requirements)
        identity = name or f"{route.name}{path}"
        return Described(route, options, name, identity, parameters, schemes, required)


def _operations(found: Described, parameters: list[Schema]) -> dict[str, Schema]:
    asks = found.body is not None or any(p.location in _PLACES for p in found.parameters)
    found.validates = asks and not {"422", "4XX", "default"} & set(found.responses)
    if found.validates:
        found.responses["422"] = _VALIDATION
    operation = _metadata(found.route, found.options, found.name)
    parts = {"security": found.required, "parameters": parameters, "responses": found.responses}
    operation |= {name: part for name, part in parts.items() if part}
    if not _is_known(found):
        operation[UNKNOWN] = True
    extra = json_value(found.options.own.get("openapi_extra"))
    return {m.lower(): _complete(operation, found.body, m, extra) for m in found.route.methods}


def _is_known(found: Described) -> bool:
    """Whether nothing but what could be read decides on the operation: a library's handler cannot be."""
    route = found.route
    readable = not isinstance(unwrapped(route.handler), External)
    located = all(parameter.location != "unknown" for parameter in found.parameters)
    return route.resolved and route.dependant.resolved and readable and located


def _metadata(route: Route, options: RouteOptions, named: str | None) -> Schema:
    operation: Schema = {}
    if route.tags:
        operation["tags"] = list(route.tags)
    operation["summary"] = text_value(options.own.get("summary")) or route.name.replace("_", " ").title()
    description = text_value(options.own.get("description"))
    if description:
        operation["description"] = description
    if named is None:
        operation[UNKNOWN] = True
    else:
        operation["operationId"] = named
    if options.any_true("deprecated"):
        operation["deprecated"] = True
    return operation


def _complete(operation: Schema, body: Schema | None, method: str, extra: Json) -> Schema:
    made = dict(operation)
    if body is not None and method in _WITH_BODY:
        made["requestBody"] = body
    return merged(made, extra) if isinstance(extra, dict) else made
