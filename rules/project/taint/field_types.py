"""The annotations of a model's fields by name, computed once for each class."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    External,
    Origin,
    Parametrized,
    Value,
)
from rules.project.schema.schemas import Schema, schema_of


@dataclass(slots=True)
class FieldTypes:
    """Reads the fields of models; a `Field(pattern=…)` beside an annotation belongs to it."""

    machine: Machine
    _schemas: dict[int, Schema] = field(default_factory=dict)
    _known: dict[int, dict[str, Value]] = field(default_factory=dict)

    def __call__(self, cls: ClassValue) -> dict[str, Value]:
        """The fields of a class, those that it inherits too."""
        found = self._known.get(id(cls))
        if found is None:
            found = self._known[id(cls)] = {
                name: _with_arguments(cls, item.annotation, item.arguments)
                for name, item in self._schema(cls).fields.items()
            }
        return found

    def is_hidden(self, cls: ClassValue, name: str) -> bool:
        """Whether a field is left out of the model's text: `Field(repr=False)`."""
        item = self._schema(cls).fields.get(name)
        given = item.arguments.get("repr") if item is not None else None
        return isinstance(given, Const) and given.value is False

    def _schema(self, cls: ClassValue) -> Schema:
        found = self._schemas.get(id(cls))
        if found is None:
            found = self._schemas[id(cls)] = schema_of(self.machine, cls)
        return found


def _with_arguments(cls: ClassValue, annotation: Value, arguments: dict[str, Value]) -> Value:
    asked = {name: value for name, value in arguments.items() if name in {"pattern", "regex"}}
    if not asked:
        return annotation
    marker = Application(External("pydantic.Field"), Arguments([], asked), Origin(cls.module, cls.node))
    return Parametrized(External("typing.Annotated"), [annotation, marker])
