"""`value[index]`: of literals, of generic types, of terms."""

from __future__ import annotations

from rules.evaluation.operators import is_type
from rules.evaluation.run import Run
from rules.evaluation.values import (
    Alternative,
    Choice,
    ClassValue,
    Const,
    Dictionary,
    External,
    Item,
    Origin,
    Parametrized,
    Sequence,
    Unknown,
    Value,
    choose,
)


def subscript(run: Run, value: Value, index: Value, origin: Origin) -> Value:
    """The item of a container, the parametrized type, or a term."""
    match value:
        case Choice(alternatives=alternatives):
            return choose(
                [Alternative(subscript(run, a.value, index, origin), a.conditions) for a in alternatives]
            )
        case Sequence():
            return _of_sequence(value, index, origin)
        case Dictionary() if isinstance(index, Const):
            found = value.get(index.value)
            if found is not None:
                return found
            return Item(value, index, origin) if value.is_open else Unknown("no such key")
        case Const(value=str(text)) if isinstance(index, Const) and isinstance(index.value, int):
            return Const(text[index.value]) if -len(text) <= index.value < len(text) else Unknown("index")
        case ClassValue(attributes=attributes) if isinstance(index, Const) and str(index.value) in attributes:
            return attributes[str(index.value)]
        case External() | ClassValue() | Parametrized() if is_type(value):
            items = index.items if isinstance(index, Sequence) and index.kind == "tuple" else [index]
            return Parametrized(value, list(items))
        case _:
            return Item(value, index, origin)


def _of_sequence(value: Sequence, index: Value, origin: Origin) -> Value:
    if isinstance(index, Const) and isinstance(index.value, int) and not value.is_open:
        position = index.value
        if -len(value.items) <= position < len(value.items):
            return value.items[position]
    if isinstance(index, Sequence) and index.kind == "slice" and not value.is_open:
        bounds = [i.value for i in index.items if isinstance(i, Const) and isinstance(i.value, int | None)]
        if len(bounds) == 3 and bounds[2] != 0:
            return Sequence(value.kind, value.items[slice(bounds[0], bounds[1], bounds[2])])
    return Item(value, index, origin)
