"""The OpenAPI 3.1 document of an application, as `app.openapi()` would give it.

Descriptions that stand in docstrings are left out, callbacks and webhooks too. Whatever could not be found
out is marked with `x-backend-architect-unknown: true` on the object that lacks it. Routes that are not there
with the settings' defaults are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Instance
from rules.project.openapi.components import Components, remap
from rules.project.openapi.dialect import Dialect
from rules.project.openapi.json_values import UNKNOWN, Schema, is_unknown, json_value, without_none
from rules.project.openapi.operation_ids import path_format
from rules.project.openapi.operations import Operations
from rules.project.openapi.type_schemas import TypeSchemas
from rules.project.routing.applications import WebApplication
from rules.project.routing.conditions import holds_by_default
from rules.project.routing.recording import options
from rules.project.routing.registrations import Mounting
from rules.project.routing.routes import Route

if TYPE_CHECKING:
    from rules.project.project import Project

_INFO = {
    "title": "title",
    "summary": "summary",
    "description": "description",
    "terms_of_service": "termsOfService",
    "contact": "contact",
    "license_info": "license",
    "version": "version",
}
_TOP = {"servers": "servers", "openapi_tags": "tags", "openapi_external_docs": "externalDocs"}
_DEFAULTS = {"title": "FastAPI", "version": "0.1.0"}


def document(project: Project, app: WebApplication) -> Schema:
    """The document of one of the project's applications, mounted ones too, on their own paths."""
    components, dialect = Components(), Dialect.of(app.version)
    types = TypeSchemas(project.machine, components, dialect, separate=_separates_modes(app, dialect))
    operations = Operations(types)
    paths: dict[str, Schema] = {}
    schemes: dict[str, Schema] = {}
    validates = False
    shown = [(route, path_format(path)) for route, path in served(project, app)]
    for (_, path), (described, found) in zip(shown, operations.of(shown), strict=True):
        paths.setdefault(path, {}).update(found)
        schemes |= described.schemes
        validates = validates or described.validates
    named, references = components.named()
    schemas = {**named, **(dialect.validation_schemas() if validates else {})}
    parts = {"schemas": {name: schemas[name] for name in sorted(schemas)}, "securitySchemes": schemes}
    components_found = {name: part for name, part in parts.items() if part}
    heading = {"openapi": "3.1.0", **_heading(app), "paths": remap(paths, references)}
    made: Schema = without_none({**heading, "components": components_found or None})
    return made


def served(project: Project, app: WebApplication) -> Iterator[tuple[Route, str]]:
    """The routes that the application itself shows, with their paths in it."""
    for route in project.routes:
        shown = route.kind == "api" and route.include_in_schema and route.methods
        if shown and route.placed.context.application is app.value and holds_by_default(route.conditions):
            yield route, route.path.removeprefix(_mounted_at(route))


def _separates_modes(app: WebApplication, dialect: Dialect) -> bool:
    assert isinstance(app.value, Application | Instance)
    given = options(app.value).keywords.get("separate_input_output_schemas")
    return dialect.separates_modes and json_value(given) is not False


def _mounted_at(route: Route) -> str:
    """The path below which the application of a route is mounted."""
    mounts = [step for step in route.steps if isinstance(step, Mounting)]
    if not mounts:
        return ""
    found = [m for m in route.application.mounts if m.entry is mounts[-1]]
    return found[0].prefix.text if found else ""


def _heading(app: WebApplication) -> Schema:
    assert isinstance(app.value, Application | Instance)
    arguments = options(app.value)
    given = {**_DEFAULTS, **{name: json_value(value) for name, value in arguments.keywords.items()}}
    info: Schema = {key: given[name] for name, key in _INFO.items() if name in given and given[name] != ""}
    found: Schema = {key: given[name] for name, key in _TOP.items() if given.get(name)}
    unknown = arguments.is_open or "openapi" in app.value.attributes
    for part in (info, found):
        for key in [key for key, value in part.items() if is_unknown(value)]:
            del part[key]
            unknown = True
    return {"info": {**info, UNKNOWN: True} if unknown else info, **found}
