"""Relationships between mapped classes: target, cardinality, and what stands on the other side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    Dictionary,
    FieldValue,
    FunctionValue,
    Parametrized,
    Unknown,
    Value,
)
from rules.finding import Place
from rules.project.annotations import called, external_name, generic_name, shape

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine

_WRAPPERS = {"Mapped", "DynamicMapped", "WriteOnlyMapped"}
_LISTS = {
    "list",
    "List",
    "set",
    "Set",
    "Sequence",
    "Collection",
    "InstrumentedList",
    "dict",
    "Dict",
    "Iterable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One relationship attribute. `target` is a class's name; `model` the class where it was resolved.

    `many` is None where neither annotation nor `uselist` says it; `link` is the table or class between.
    """

    name: str
    place: Place
    source: str
    target: str
    model: ClassValue | None = None
    back_populates: str | None = None
    backref: str | None = None
    many: bool | None = None
    link: Value | None = None
    arguments: tuple[tuple[str, Value], ...] = ()


def relationship_call(value: Value | None) -> Application | None:
    """The `relationship(...)` or `Relationship(...)` that a class attribute holds."""
    if isinstance(value, Application) and called(value) in {"relationship", "Relationship", "dynamic_loader"}:
        return value
    return None


def relationship(machine: Machine, owner: ClassValue, item: FieldValue, call: Application) -> Relationship:
    """The facts of one relationship attribute of `owner`."""
    arguments = _merged(call)
    target, many = _annotated_target(machine, owner, item)
    first = arguments.get(0, "argument")
    if called(call) == "relationship" and first is not None:
        target = _evaluated(first)
    uselist = arguments.get(None, "uselist")
    if isinstance(uselist, Const) and isinstance(uselist.value, bool):
        many = uselist.value
    model = target if isinstance(target, ClassValue) else None
    return Relationship(
        name=item.name,
        place=owner.module.source.place(item.node),
        source=owner.qualified,
        target=model.qualname if model is not None else _target_name(target),
        model=model,
        back_populates=_text(arguments.get(None, "back_populates")),
        backref=_text(arguments.get(None, "backref")),
        many=many,
        link=arguments.get(None, "link_model") or arguments.get(1, "secondary"),
        arguments=tuple(arguments.keywords.items()),
    )


def _merged(call: Application) -> Arguments:
    """The call's arguments, with SQLModel's `sa_relationship_kwargs` and `sa_relationship` laid over them."""
    inner = call.arguments.get(None, "sa_relationship")
    if isinstance(inner, Application):
        return inner.arguments
    keywords = dict(call.arguments.keywords)
    extra = keywords.pop("sa_relationship_kwargs", None)
    if isinstance(extra, Dictionary):
        for key, value in extra.items:
            if isinstance(key, Const) and isinstance(key.value, str):
                keywords[key.value] = value
    positional = call.arguments.positional if called(call) == "relationship" else []
    return Arguments(list(positional), keywords, call.arguments.is_open)


def _annotated_target(machine: Machine, owner: ClassValue, item: FieldValue) -> tuple[Value, bool | None]:
    if item.annotation is None:
        return Unknown("not annotated"), None
    value = machine.annotation(item.annotation, owner.scope)
    for _ in range(6):
        found = shape(value).base
        name = generic_name(found)
        if isinstance(found, Parametrized) and name in _WRAPPERS and found.arguments:
            value = found.arguments[0]
            continue
        if isinstance(found, Parametrized) and name in _LISTS and found.arguments:
            return shape(found.arguments[-1]).base, True
        return found, False
    return Unknown("nested too deep"), None


def _evaluated(value: Value) -> Value:
    if isinstance(value, FunctionValue):
        return Unknown("a callable")
    return value


def _target_name(value: Value) -> str:
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value.rpartition(".")[2]
    return external_name(value)


def _text(value: Value | None) -> str | None:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None
