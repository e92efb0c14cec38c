"""The secret fields that a response model lets through: of its classes, nested and inherited ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    Dictionary,
    FunctionValue,
    Parametrized,
    Sequence,
    Value,
)
from rules.project.annotations import shape
from rules.project.isolation.secrets import Secret, secret_field
from rules.project.isolation.terms import called_name
from rules.project.routing.routes import Route
from rules.project.schema.schemas import Schema, SchemaField, is_model, schema_of

_DEPTH = 6
_REPLACING = frozenset({"field_serializer", "serializer", "model_serializer"})
_CHANGING = frozenset({"field_validator", "validator", "model_validator", "root_validator"})


@dataclass(frozen=True, slots=True)
class SecretField:
    """A field of `schema` that holds a secret.

    `is_nested` below the outermost model, `is_changed` where a validator of the class may mask it.
    """

    schema: Schema
    field: SchemaField
    secret: Secret
    is_nested: bool
    is_changed: bool

    @property
    def is_own(self) -> bool:
        """Whether the class declares the field itself."""
        return self.field.declared_by is self.schema.model


def response_secrets(machine: Machine, route: Route) -> Iterator[SecretField]:
    """The secret fields of a route's response model that nothing keeps back."""
    if route.response_type is not None:
        kept_back, included = _options(route)
        for found in secrets_of(machine, route.response_type):
            name = found.field.name
            if found.is_nested or (name not in kept_back and (included is None or name in included)):
                yield found


def secrets_of(machine: Machine, annotation: Value) -> Iterator[SecretField]:
    """The secret fields of every model that an annotation names, directly or in a field of one."""
    pending = [(cls, 0) for cls in model_classes(annotation)]
    seen: set[int] = set()
    while pending:
        cls, depth = pending.pop(0)
        if id(cls.node) in seen or depth > _DEPTH:
            continue
        seen.add(id(cls.node))
        schema = schema_of(machine, cls)
        for field in schema.fields.values():
            if field.excluded or _decorated(cls, field.name, _REPLACING):
                continue
            secret = secret_field(field.name, field.shape)
            if secret is not None:
                changed = _decorated(cls, field.name, _CHANGING)
                yield SecretField(schema, field, secret, depth > 0, changed)
            pending += [(inner, depth + 1) for inner in model_classes(field.annotation)]


def model_classes(annotation: Value) -> list[ClassValue]:
    """The models among the parts of an annotation."""
    found: list[ClassValue] = []
    pending: list[Value] = [annotation]
    while pending and len(found) < 50:
        current = shape(pending.pop(0)).base
        if isinstance(current, Parametrized):
            pending += [current.base, *current.arguments]
        elif isinstance(current, ClassValue) and is_model(current):
            found.append(current)
    return found


def _options(route: Route) -> tuple[frozenset[str], frozenset[str] | None]:
    keywords = route.placed.endpoint.arguments.keywords
    included = keywords.get("response_model_include")
    return _names(keywords.get("response_model_exclude")), None if included is None else _names(included)


def _names(value: Value | None) -> frozenset[str]:
    items = (
        value.items
        if isinstance(value, Sequence)
        else [k for k, _ in value.items]
        if isinstance(value, Dictionary)
        else []
    )
    return frozenset(i.value for i in items if isinstance(i, Const) and isinstance(i.value, str))


def _decorated(cls: ClassValue, name: str, decorators: frozenset[str]) -> bool:
    """Whether a serializer or validator of the class is about the field, or about the whole model."""
    for base in cls.linearized():
        methods = base.attributes.values() if isinstance(base, ClassValue) else ()
        for method in methods:
            for decoration in method.decorations if isinstance(method, FunctionValue) else ():
                made = decoration.decorator
                last = called_name(made) if isinstance(made, Application) else ""
                if last in decorators and (last.startswith(("model_", "root_")) or _about(made, name)):
                    return True
    return False


def _about(made: Value, name: str) -> bool:
    if not isinstance(made, Application):
        return False
    return any(isinstance(a, Const) and a.value in {name, "*"} for a in made.arguments.positional)
