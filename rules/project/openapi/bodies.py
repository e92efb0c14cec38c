"""The request body of an operation: one parameter as it is, or an object of several."""

from __future__ import annotations

from rules.project.annotations import class_of, shape
from rules.project.openapi.components import TypeName
from rules.project.openapi.dependency_tree import RequestParameter
from rules.project.openapi.fields import DescribedField, alias_of, titled
from rules.project.openapi.json_values import UNKNOWN, Schema, json_value
from rules.project.openapi.type_schemas import TypeSchemas
from rules.project.schema.schemas import is_model

_LOCATIONS = ("body", "form", "file")
_MEDIA_TYPES = {
    "body": "application/json",
    "form": "application/x-www-form-urlencoded",
    "file": "multipart/form-data",
}


class Bodies:
    """Describes request bodies (read in fastapi.dependencies.utils._get_body_field of FastAPI 0.165)."""

    def __init__(self, types: TypeSchemas) -> None:
        self._types = types

    def of(self, found: list[RequestParameter], operation: str) -> Schema | None:
        """The body of the operation with this id; None where it has none."""
        parts = list({p.field.name: p for p in found if p.location in _LOCATIONS}.values())
        if not parts:
            return None
        if _is_embedded(parts):
            return self._object(parts, operation)
        part = parts[0]
        schema = self._types.field(part.field, "validation")
        if "$ref" not in schema:
            schema = {**schema, "title": _title(part.field)}
        return _body(schema, _media_type(part), part.field, required=part.field.required)

    def _object(self, parts: list[RequestParameter], operation: str) -> Schema:
        name = TypeName("fastapi._compat.v2", f"Body_{operation}")
        identity = ("body", operation)
        reference = self._types.components.reference(
            identity, name, "validation", lambda: self._properties(parts, name.name)
        )
        required = any(part.field.required for part in parts)
        return _body(reference, _common_media_type(parts), None, required=required)

    def _properties(self, parts: list[RequestParameter], title: str) -> Schema:
        schema: Schema = {"type": "object", "title": title}
        grouped = self._types.dialect.groups_forms
        whole = [part for part in parts if grouped and _is_form_model(part)]
        keyed = [part for part in parts if part not in whole]
        properties = dict(map(self._property, keyed))
        required = [alias_of(p.field, "validation") for p in keyed if p.field.required]
        schema |= {"properties": properties} if properties or not whole else {}
        schema |= {"required": required} if required else {}
        if whole:
            schema["allOf"] = [self._types.of(part.field.annotation, "validation") for part in whole]
        if any(shape(part.field.annotation).optional for part in whole):
            schema[UNKNOWN] = True
        return schema

    def _property(self, part: RequestParameter) -> tuple[str, Schema]:
        alias = alias_of(part.field, "validation")
        return alias, titled(self._types.field(part.field, "validation"), alias)


def _is_embedded(parts: list[RequestParameter]) -> bool:
    first = parts[0]
    if len(parts) > 1 or json_value(first.field.arguments.get("embed")) is True:
        return True
    return first.location in {"form", "file"} and not _is_form_model(first)


def _is_form_model(part: RequestParameter) -> bool:
    if part.location != "form" or json_value(part.field.arguments.get("embed")) is True:
        return False
    cls = class_of(shape(part.field.annotation).base)
    return cls is not None and is_model(cls)


def _media_type(part: RequestParameter) -> str:
    return part.field.text("media_type") or _MEDIA_TYPES[part.location]


def _common_media_type(parts: list[RequestParameter]) -> str:
    kinds = [part.location for part in parts]
    if "file" in kinds:
        return _MEDIA_TYPES["file"]
    kind = "form" if "form" in kinds else "body"
    given = {_media_type(part) for part in parts if part.location == kind}
    if _MEDIA_TYPES["file"] in given:
        return _MEDIA_TYPES["file"]
    return given.pop() if len(given) == 1 else _MEDIA_TYPES[kind]


def _title(field: DescribedField) -> str:
    return field.text("title") or alias_of(field, "validation").title().replace("_", " ")


def _body(schema: Schema, media_type: str, field: DescribedField | None, *, required: bool) -> Schema:
    content: Schema = {"schema": schema}
    for argument, key in (("openapi_examples", "examples"), ("example", "example")):
        if field is not None and argument in field.arguments:
            content[key] = json_value(field.arguments[argument])
    found: Schema = {"content": {media_type: content}}
    return {"required": True, **found} if required else found
