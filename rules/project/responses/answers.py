"""What kind of answer a value is: a response of its own, nothing, data, or unknown."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    Dictionary,
    External,
    Instance,
    Sequence,
    Value,
    alternatives,
)
from rules.project.isolation.terms import called_name
from rules.project.routing.framework import FRAMEWORK, base_classes, split


class Answer(enum.StrEnum):
    """What a handler gives back, as FastAPI treats it."""

    NOTHING = "nothing"
    RESPONSE = "response"
    CONSTANT = "constant"
    DATA = "data"
    UNKNOWN = "unknown"


def answers(value: Value | None) -> frozenset[Answer]:
    """What a handler's value may be, over all its paths."""
    if value is None:
        return frozenset({Answer.NOTHING})
    return frozenset(answer(choice.value) for choice in alternatives(value))


def answer(value: Value) -> Answer:
    """What one value is."""
    if isinstance(value, Const):
        return Answer.NOTHING if value.value is None else Answer.CONSTANT
    if is_response_value(value):
        return Answer.RESPONSE
    if isinstance(value, Dictionary | Sequence):
        return Answer.CONSTANT if all(_is_constant(part) for part in _parts(value)) else Answer.DATA
    if isinstance(value, Instance):
        return Answer.DATA
    return Answer.UNKNOWN


def is_response_value(value: Value) -> bool:
    """Whether a value is an instance of a response class, of Starlette's or of the project."""
    if isinstance(value, Instance):
        return any(_is_response(name) for name in value.cls.externals())
    if not isinstance(value, Application):
        return False
    if isinstance(value.function, External | ClassValue):
        return any(_is_response(name) for name in base_classes(value.function))
    return called_name(value) == "TemplateResponse"


def _is_response(name: str) -> bool:
    top, last = split(name)
    return last.endswith("Response") and (top in FRAMEWORK or top in {"sse_starlette", "starlette"})


def _parts(value: Dictionary | Sequence) -> Iterator[Value]:
    if isinstance(value, Sequence):
        yield from value.items
        return
    for _, item in value.items:
        yield item


def _is_constant(value: Value) -> bool:
    if isinstance(value, Dictionary | Sequence):
        return all(_is_constant(part) for part in _parts(value))
    return isinstance(value, Const)
