"""The models that request bodies are validated with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.evaluation.values import Application, Choice, ClassValue, Const, FunctionValue, Parametrized, Value
from rules.project.annotations import class_of, external_name, shape
from rules.project.routing.routes import Route
from rules.project.schema.schemas import Schema

_BODIES = frozenset({"body", "form"})


@dataclass(frozen=True, slots=True)
class BodyModel:
    """A model that clients fill, and the first route that takes it."""

    schema: Schema
    route: Route


def body_models(routes: Iterable[Route], schemas: Mapping[str, Schema]) -> tuple[BodyModel, ...]:
    """Each model of a body or form, once, in the order of the routes, and the models of its fields.

    Those of fields are left out where the project also answers with them: clients send back what they got.
    """
    by_class = {id(schema.model.node): schema for schema in schemas.values()}
    found: dict[int, BodyModel] = {}
    routes = list(routes)
    answers = {
        id(cls.node) for r in routes if r.response_type is not None for cls in classes_in(r.response_type)
    }
    for route in routes:
        for parameter in route.dependant.all_parameters() if route.kind == "api" else ():
            if parameter.location in _BODIES and parameter.annotation is not None:
                for cls in classes_in(parameter.annotation):
                    _collect(cls, route, by_class, found, answers)
    return tuple(found.values())


def _collect(
    cls: ClassValue,
    route: Route,
    by_class: dict[int, Schema],
    found: dict[int, BodyModel],
    answers: set[int],
) -> None:
    schema = by_class.get(id(cls.node))
    if schema is None or id(cls.node) in found:
        return
    found[id(cls.node)] = BodyModel(schema, route)
    for field in schema.fields.values():
        for inner in classes_in(field.annotation):
            if id(inner.node) not in answers:
                _collect(inner, route, by_class, found, answers)


def classes_in(annotation: Value, depth: int = 0) -> Iterator[ClassValue]:
    """The project's classes in a type: `Item` of `list[Item] | None`."""
    if depth > 8:
        return
    base = shape(annotation).base
    cls = class_of(base)
    if cls is not None:
        yield cls
    if isinstance(base, Parametrized):
        for argument in base.arguments:
            yield from classes_in(argument, depth + 1)
    elif isinstance(base, Choice):
        for alternative in base.alternatives:
            yield from classes_in(alternative.value, depth + 1)


def validated_fields(cls: ClassValue) -> frozenset[str]:
    """The fields that validators of the class look at; `*` where one looks at the whole model."""
    names: set[str] = set()
    for base in cls.linearized():
        for value in base.attributes.values() if isinstance(base, ClassValue) else ():
            for decoration in value.decorations if isinstance(value, FunctionValue) else ():
                names |= _validated(decoration.decorator)
    return frozenset(names)


def _validated(decorator: Value) -> set[str]:
    made = decorator if isinstance(decorator, Application) else None
    kind = external_name(made.function if made is not None else decorator, "pydantic", "sqlmodel")
    if kind in {"model_validator", "root_validator"}:
        return {"*"}
    if kind in {"field_validator", "validator"} and made is not None:
        return {
            v.value for v in made.arguments.positional if isinstance(v, Const) and isinstance(v.value, str)
        }
    return set()
