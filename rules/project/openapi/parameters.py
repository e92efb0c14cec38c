"""The parameters of an operation: those of its whole dependency tree, models taken apart."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import ClassValue, Parametrized, Value
from rules.project.annotations import class_of, shape
from rules.project.openapi.dependency_tree import RequestParameter
from rules.project.openapi.fields import DescribedField, alias_of
from rules.project.openapi.json_values import Schema, json_value
from rules.project.openapi.model_config import model_config
from rules.project.openapi.type_schemas import TypeSchemas
from rules.project.schema.schemas import is_model

_LOCATIONS = ("path", "query", "header", "cookie")


class Parameters:
    """Describes the parameters that do not stand in the body."""

    def __init__(self, types: TypeSchemas) -> None:
        self._types = types

    def of(self, found: list[RequestParameter]) -> list[Schema]:
        """The parameters, each name once for each place; one that is required counts before others."""
        made = [
            described_parameter
            for location in _LOCATIONS
            for parameter in found
            if parameter.location == location and parameter.included
            for described_parameter in self._described(parameter)
        ]
        unique = {(p["in"], p["name"]): p for p in made}
        unique |= {(p["in"], p["name"]): p for p in made if p["required"]}
        return list(unique.values())

    def _described(self, parameter: RequestParameter) -> Iterator[Schema]:
        field, location = parameter.field, parameter.location
        model = None if location == "path" else _model(field.annotation)
        converts = location == "header" and field.flag("convert_underscores", default=True)
        if model is None:
            alias = alias_of(field, "validation", field.name.replace("_", "-") if converts else None)
            yield self._parameter(field, location, alias, converts=False)
            return
        cls, arguments, nullable = model
        config = model_config(self._types.machine, cls)
        for inner in self._types.models.fields(cls, arguments).fields:
            alias = alias_of(inner, "validation", config.generated_alias(inner.name, "validation"))
            made = self._parameter(inner, location, alias, converts=converts)
            optional = nullable and not field.required
            yield {**made, "required": made["required"] and not optional}

    def _parameter(self, field: DescribedField, location: str, alias: str, *, converts: bool) -> Schema:
        schema = self._types.field(field, "validation")
        if "$ref" not in schema:
            schema = {**schema, "title": field.text("title") or alias.title().replace("_", " ")}
        name = alias.replace("_", "-") if converts and alias == field.name else alias
        required = location == "path" or field.required
        made: Schema = {"name": name, "in": location, "required": required, "schema": schema}
        description = field.text("description")
        if description is not None:
            made["description"] = description
        for argument, key in (("openapi_examples", "examples"), ("example", "example")):
            if argument in field.arguments:
                made[key] = json_value(field.arguments[argument])
        if json_value(field.arguments.get("deprecated")) not in {None, False}:
            made["deprecated"] = True
        return made


def _model(annotation: Value) -> tuple[ClassValue, list[Value], bool] | None:
    """The model whose fields are the parameters, its type arguments, and whether it may be None."""
    found = shape(annotation)
    cls = class_of(found.base)
    if cls is None or not is_model(cls):
        return None
    arguments = found.base.arguments if isinstance(found.base, Parametrized) else []
    return cls, arguments, found.optional
