"""One record for each operation that the applications serve, shown in a document or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import FunctionValue
from rules.inventory import OperationRecord, ValueRecord
from rules.ir import nodes as ir
from rules.project.conformance.extracted import Implemented, surfaces
from rules.project.failures.catching import Catching
from rules.project.failures.error_statuses import error_statuses
from rules.project.openapi.json_values import Json, json_value
from rules.project.openapi.operation_ids import path_format
from rules.project.openapi.route_options import route_options
from rules.project.routing.routes import Route
from rules.project.surface.value_parts import value_parts
from rules.specification.operations import Operation

if TYPE_CHECKING:
    from rules.project.project import Project

_DESCRIBES = ("summary", "description")


def operation_records(project: Project) -> tuple[OperationRecord, ...]:
    """The operations in matching order; a route with several methods has several."""
    shown: dict[tuple[int, str], Implemented] = {}
    for surface in surfaces(project):
        for made in surface.operations.values():
            shown[id(made.route), made.operation.method] = made
    catching = project.catching
    return tuple(
        _record(project, route, method, shown.get((id(route), method.lower())), catching)
        for route in project.routes
        for method in route.methods or (("WEBSOCKET",) if route.is_websocket else ("ANY",))
    )


def _record(
    project: Project, route: Route, method: str, made: Implemented | None, catching: Catching
) -> OperationRecord:
    auth, privileged, scope = project.isolation.access(route)
    operation = made.operation if made is not None else None
    place = route.definition_place
    return OperationRecord(
        app=route.app,
        method=method,
        path=path_format(route.path),
        file=place.path,
        line=place.line,
        registered=(route.place.path, route.place.line),
        auth=auth,
        privileged=privileged,
        scope=scope,
        schemes=tuple(sorted({name for one in _security(operation) for name in one})),
        request_model=_body_type(operation),
        response_model=route.response_model,
        statuses=tuple(sorted(operation.responses)) if operation is not None else (),
        raises=tuple(error_statuses(project.isolation.inspect(route), catching)),
        shown=operation is not None,
        described=_is_described(route),
        deprecated=operation is not None and operation.own.get("deprecated") is True,
        request=tuple(_request(operation)) if operation is not None else (),
        response=tuple(_response(operation)) if operation is not None else (),
        resolved=route.resolved,
    )


def _security(operation: Operation | None) -> list[dict[str, list[str]]]:
    return (operation.security or []) if operation is not None else []


def _is_described(route: Route) -> bool:
    """Whether a text of its own says what the operation does: a docstring, a summary or a description."""
    given = route_options(route).own
    if any(json_value(given[name]) for name in _DESCRIBES if name in given):
        return True
    handler = route.handler
    node = handler.node if isinstance(handler, FunctionValue) else None
    return isinstance(node, ir.Function) and node.docstring


def _body_type(operation: Operation | None) -> str | None:
    """The name or type of what the body holds; None without a body."""
    found = list(_body(operation)) if operation is not None else []
    if operation is None or not found:
        return None
    schema = _content(operation.body)
    name = str(schema.get("$ref", "")).rpartition("/")[2] if isinstance(schema, dict) else ""
    return name or found[0].type or "any"


def _request(operation: Operation) -> Iterator[ValueRecord]:
    for (place, name), parameter in operation.parameters.items():
        required = parameter.get("required") is True
        where = f"{place} parameter {name}"
        yield from value_parts(operation.document, parameter.get("schema"), where, required=required)
    yield from _body(operation)


def _body(operation: Operation) -> Iterator[ValueRecord]:
    body = operation.body
    if body is not None:
        required = body.get("required") is True
        yield from value_parts(operation.document, _content(body), "body", required=required)


def _response(operation: Operation) -> Iterator[ValueRecord]:
    """What comes with the first status of success."""
    successes = [status for status in sorted(operation.responses) if status.startswith("2")]
    schema = _content(operation.responses[successes[0]]) if successes else None
    if schema is not None:
        yield from value_parts(operation.document, schema, "response", required=True)


def _content(holder: Json) -> Json:
    """The schema of the first media type."""
    content = holder.get("content") if isinstance(holder, dict) else None
    media = next(iter(content.values()), None) if isinstance(content, dict) else None
    return media.get("schema") if isinstance(media, dict) else None
