"""Reading evaluated arguments as what FastAPI takes: texts, numbers, flags, lists, with their certainty."""

from __future__ import annotations

import http
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Choice,
    Condition,
    Const,
    Instance,
    Operation,
    Sequence,
    Value,
    alternatives,
)
from rules.project.routing.framework import dotted


@dataclass(frozen=True, slots=True)
class Text:
    """A text; where parts of it could not be computed they stand as `{?}` and `known` is false."""

    text: str
    known: bool = True


UNKNOWN_PART = "{?}"
NOTHING = Text("")


def text(value: Value | None, default: str = "") -> Text:
    """A value as text."""
    match value:
        case None:
            return Text(default)
        case Const(value=None):
            return Text(default)
        case Const(value=scalar):
            return Text(str(scalar))
        case Instance(attributes=attributes) if "value" in attributes:
            return text(attributes["value"])
        case Choice():
            return Text(text(value.alternatives[0].value).text, known=False)
        case Operation(operator="+" | "f", operands=operands):
            return Text("".join(text(o).text for o in operands), known=all(text(o).known for o in operands))
        case _:
            return Text(UNKNOWN_PART, known=False)


def flag(value: Value | None, *, default: bool) -> bool:
    """A value as a flag; the default where it cannot be known."""
    if isinstance(value, Choice):
        return flag(value.alternatives[0].value, default=default)
    return bool(value.value) if isinstance(value, Const) and value.value is not None else default


def status(value: Value | None) -> int | None:
    """A status code: a number, `status.HTTP_201_CREATED`, `HTTPStatus.CREATED`; None where none is known."""
    match value:
        case Const(value=bool()):
            return None
        case Const(value=int(code)):
            return code
        case Instance(attributes=attributes) if "value" in attributes:
            return status(attributes["value"])
        case Choice():
            return status(value.alternatives[0].value)
        case _:
            return _named_status(dotted(value))


def _named_status(name: str) -> int | None:
    segments = name.split(".")
    for segment in reversed(segments):
        if segment.startswith("HTTP_") and segment[5:8].isdigit():
            return int(segment[5:8])
        if "HTTPStatus" in segments and segment in http.HTTPStatus.__members__:
            return int(http.HTTPStatus[segment])
    return None


def items(value: Value | None) -> Iterator[tuple[Value, tuple[Condition, ...]]]:
    """The items of a list with what each depends on; nothing where the list is unknown."""
    for choice in alternatives(value) if value is not None else ():
        if isinstance(choice.value, Sequence):
            for item in choice.value.items:
                for inner in alternatives(item):
                    yield inner.value, choice.conditions + inner.conditions


def texts(value: Value | None) -> tuple[str, ...]:
    """The texts of a list: tags, methods; enum members by their values."""
    return tuple(text(item).text for item, _ in items(value))


def is_known_list(value: Value | None) -> bool:
    """Whether every item of a list argument is known; no argument is an empty list."""
    if value is None or (isinstance(value, Const) and value.value is None):
        return True
    if isinstance(value, Choice):
        return all(is_known_list(a.value) for a in value.alternatives)
    return isinstance(value, Sequence) and not value.is_open


def is_none(value: Value | None) -> bool:
    """Whether the constant None is written."""
    return isinstance(value, Const) and value.value is None
