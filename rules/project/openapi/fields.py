"""A field of a model or a parameter of a request as JSON Schema: constraints, titles, defaults, aliases."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.evaluation.values import Application, Dictionary, Value
from rules.project.annotations import called, external_name
from rules.project.openapi.components import Mode
from rules.project.openapi.constraints import constrained, constraints_of
from rules.project.openapi.json_values import (
    UNKNOWN,
    Schema,
    by_default,
    is_unknown,
    json_value,
    text_value,
)

_UNDEFINED = frozenset({"Ellipsis", "PydanticUndefined", "Undefined", "_Unset", "MISSING"})
_KNOWN = frozenset(
    {
        "default", "default_factory", "alias", "alias_priority", "validation_alias", "serialization_alias",
        "title", "field_title_generator", "description", "examples", "exclude", "exclude_if", "discriminator",
        "deprecated", "json_schema_extra", "frozen", "validate_default", "repr", "init",
        "init_var", "kw_only",
        "pattern", "strict", "coerce_numbers_to_str", "gt", "ge", "lt", "le", "multiple_of", "allow_inf_nan",
        "max_digits", "decimal_places", "min_length", "max_length", "union_mode", "fail_fast", "regex",
        "min_items", "max_items", "unique_items", "const", "include", "allow_mutation", "primary_key",
        "foreign_key", "ondelete", "unique", "nullable", "index", "sa_type", "sa_column", "sa_column_args",
        "sa_column_kwargs", "schema_extra", "example", "openapi_examples", "include_in_schema", "embed",
        "media_type", "convert_underscores", "annotation",
    }
)  # fmt: skip
"""What `Field(...)` and FastAPI's markers take; anything else goes into the field's schema as it is."""


@dataclass(frozen=True, slots=True)
class DescribedField:
    """A field: its annotation, the arguments of its `Field(...)` or marker, and its default if it has one."""

    name: str
    annotation: Value
    arguments: dict[str, Value] = field(default_factory=dict)
    default: Value | None = None

    @property
    def has_default(self) -> bool:
        """Whether a value is written, which `...` is not."""
        return self.default is not None and external_name(self.default) not in _UNDEFINED

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return not self.has_default and "default_factory" not in self.arguments

    def text(self, argument: str) -> str | None:
        """One of the arguments, if it is a text that is known."""
        return text_value(self.arguments.get(argument))

    def flag(self, argument: str, *, default: bool) -> bool:
        """One of the arguments as a flag."""
        found = json_value(self.arguments.get(argument))
        return found if isinstance(found, bool) else default


def described(schema: Schema, described_field: DescribedField) -> Schema:
    """The schema of a field's type with all that the field says of it, but for a title made of its name."""
    arguments = described_field.arguments
    schema = constrained(schema, constraints_of(arguments))
    schema = {**schema, **_attributes(arguments)}
    if described_field.has_default:
        return with_default(schema, described_field.default)
    return schema


def with_default(schema: Schema, value: Value | None) -> Schema:
    """A schema with a default, which is left out where it is null, as FastAPI leaves out all nulls."""
    default = json_value(value)
    if is_unknown(default):
        return {**schema, UNKNOWN: True}
    return schema if default is None else {**schema, "default": default}


def _attributes(arguments: dict[str, Value]) -> Schema:
    found: Schema = {}
    for name in ("title", "description", "examples"):
        value = json_value(arguments.get(name))
        if value is not None:
            found[name] = value
    if json_value(arguments.get("deprecated")) not in {None, False}:
        found["deprecated"] = True
    return {**found, **_extra(arguments)}


def _extra(arguments: dict[str, Value]) -> Schema:
    found: Schema = {name: json_value(v) for name, v in arguments.items() if name not in _KNOWN}
    for name in ("json_schema_extra", "schema_extra"):
        given = by_default(arguments[name]) if name in arguments else None
        if isinstance(given, Dictionary):
            extra = json_value(given)
            found |= extra.get("json_schema_extra", extra) if isinstance(extra, dict) else {}
        elif given is not None and json_value(given) is not None:
            found[UNKNOWN] = True
    return found


def titled(schema: Schema, name: str) -> Schema:
    """A model's field with the title that its name gives it; references have the title of what they name."""
    if "title" in schema or is_reference(schema):
        return schema
    return {**schema, "title": name.title().replace("_", " ").strip()}


def is_reference(schema: Schema) -> bool:
    """Whether a schema is a reference, or one beside null."""
    parts = schema.get("anyOf")
    if isinstance(parts, list) and len(parts) == 2 and parts[1] == {"type": "null"}:
        return is_reference(parts[0])
    return "$ref" in schema


def alias_of(described_field: DescribedField, mode: Mode, generated: str | None = None) -> str:
    """The name of a field in JSON; `generated` is what the model's alias generator makes of it."""
    own = described_field.text("alias")
    special = "validation_alias" if mode == "validation" else "serialization_alias"
    given = _alias(described_field.arguments.get(special))
    return given or own or generated or described_field.name


def _alias(value: Value | None) -> str | None:
    if isinstance(value, Application) and called(value) == "AliasChoices":
        return next((text for choice in value.arguments.positional if (text := text_value(choice))), None)
    return text_value(value) if value is not None else None
