"""The fields of a model, a dataclass or a typed dict as they are validated and as they are serialised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    FunctionValue,
    Parametrized,
    Value,
)
from rules.ir import nodes as ir
from rules.project.annotations import called, generic_name, shape
from rules.project.openapi.fields import DescribedField
from rules.project.openapi.generics import Environment, environments, substitute
from rules.project.openapi.json_values import text_value
from rules.project.routing.framework import dotted, split
from rules.project.routing.signatures import Signatures
from rules.project.schema.schemas import Schema, SchemaField, schema_of


@dataclass(frozen=True, slots=True)
class Method:
    """A method with one of Pydantic's decorators: for example `computed_field`."""

    name: str
    decorator: str
    arguments: Arguments
    function: FunctionValue


@dataclass(frozen=True, slots=True)
class ModelFields:
    """What a class declares, its type parameters replaced; without `complete` some base is not known."""

    fields: tuple[DescribedField, ...]
    methods: tuple[Method, ...]
    environments: dict[int, Environment]
    complete: bool


def model_fields(machine: Machine, declared: Schema, arguments: list[Value]) -> ModelFields:
    """The fields of a class with these type arguments."""
    known = environments(machine, declared.model, arguments)
    fields = tuple(_field(f, known.get(id(f.declared_by), {})) for f in declared.fields.values())
    return ModelFields(fields, tuple(_methods(machine, declared.model)), known, declared.complete)


def declared_fields(machine: Machine, cls: ClassValue) -> Schema:
    """The class's fields before type parameters are replaced."""
    return schema_of(machine, cls)


def _field(found: SchemaField, environment: Environment) -> DescribedField:
    annotation = substitute(found.annotation, environment)
    arguments, default = dict(found.arguments), found.default
    if isinstance(default, Application) and called(default, "dataclasses", "attr", "attrs") == "field":
        keywords = default.arguments.keywords
        factory = {"default_factory": keywords["default_factory"]} if "default_factory" in keywords else {}
        arguments, default = {**arguments, **factory}, keywords.get("default")
    return DescribedField(found.name, annotation, arguments, default)


def _methods(machine: Machine, cls: ClassValue) -> Iterator[Method]:
    """The decorated methods, those of the bases first, an override in its old place."""
    found: dict[str, list[Method]] = {}
    for base in reversed(cls.linearized()):
        for name, value in base.attributes.items() if isinstance(base, ClassValue) else ():
            if isinstance(value, FunctionValue):
                own = list(_decorations(machine, name, value))
                if own or name in found:
                    found[name] = own
    for methods in found.values():
        yield from methods


def _decorations(machine: Machine, name: str, function: FunctionValue) -> Iterator[Method]:
    written = function.node.decorators if isinstance(function.node, ir.Function) else ()
    for node in written:
        decorator = machine.evaluate(node, function.scope)
        made = decorator.function if isinstance(decorator, Application) else decorator
        top, last = split(dotted(made))
        if top in {"pydantic", "sqlmodel"}:
            given = decorator.arguments if isinstance(decorator, Application) else Arguments()
            yield Method(name, last, given, function)


def returned_type(machine: Machine, method: Method) -> Value | None:
    """The type that a serialiser or computed field says it returns."""
    given = method.arguments.keywords.get("return_type")
    return given if given is not None else Signatures(machine).returns(method.function)


def fields_of_method(method: Method) -> tuple[str, ...]:
    """The fields that a serialiser or validator is for; `*` for all."""
    return tuple(text for value in method.arguments.positional if (text := text_value(value)) is not None)


def without_markers(found: DescribedField) -> tuple[DescribedField, bool | None]:
    """A typed dict's field without `Required[…]` or `NotRequired[…]`, and what that says."""
    annotation = found.annotation
    while isinstance(annotation, Parametrized) and generic_name(annotation) in {"ReadOnly", "Annotated"}:
        annotation = annotation.arguments[0]
    name = generic_name(annotation)
    if name not in {"Required", "NotRequired"}:
        return found, None
    return replace(found, annotation=shape(found.annotation).base), name == "Required"


def is_false(value: Value | None) -> bool:
    """Whether the constant False is written."""
    return isinstance(value, Const) and value.value is False
