"""The configuration of a model: `model_config`, `class Config`, and the keywords of its class statement."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    Dictionary,
    External,
    FunctionValue,
    Origin,
    Value,
)
from rules.project.openapi.alias_generators import GENERATORS
from rules.project.openapi.components import Mode
from rules.project.openapi.json_values import Json, json_value, text_value
from rules.project.routing.framework import split

_CLASS_KEYWORDS = frozenset({"extra", "title", "alias_generator", "json_schema_extra"})


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The settings of a model by Pydantic's names, those of its bases included."""

    settings: dict[str, Value]
    machine: Machine
    origin: Origin

    def value(self, name: str) -> Json:
        """A setting as JSON; None where it is not set."""
        return json_value(self.settings.get(name))

    def generated_alias(self, name: str, mode: Mode) -> str | None:
        """What the alias generator makes of a field's name; None without one, or where it is not known."""
        generator = self.settings.get("alias_generator")
        if isinstance(generator, Application):
            key = "validation_alias" if mode == "validation" else "serialization_alias"
            given = generator.arguments.keywords
            generator = given.get(key, given.get("alias", generator.arguments.get(0, "alias")))
        if isinstance(generator, External):
            known = GENERATORS.get(split(generator.name)[1])
            return known(name) if known is not None else None
        if isinstance(generator, FunctionValue):
            trace = self.machine.trace(generator, Arguments([Const(name)]), self.origin)
            return text_value(trace.value)
        return None


def model_config(machine: Machine, cls: ClassValue) -> ModelConfig:
    """The configuration of a class with that of its bases, the class's own last."""
    settings: dict[str, Value] = {}
    for base in reversed(cls.linearized()):
        if isinstance(base, ClassValue):
            settings |= _own(base)
    return ModelConfig(settings, machine, Origin(cls.module, cls.node))


def _own(cls: ClassValue) -> dict[str, Value]:
    found: dict[str, Value] = {}
    written = cls.attributes.get("model_config")
    old = cls.attributes.get("Config")
    if isinstance(old, ClassValue):
        for base in reversed(old.linearized()):
            if isinstance(base, ClassValue):
                found |= {f.name: f.value for f in base.fields if f.value is not None}
    if isinstance(written, Application):
        found |= written.arguments.keywords
    elif isinstance(written, Dictionary):
        found |= {str(json_value(key)): value for key, value in written.items}
    return found | {k: v for k, v in cls.keywords.items() if k in _CLASS_KEYWORDS}
