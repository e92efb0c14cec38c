"""What a type annotation says: the type itself, whether None is allowed, and what is annotated to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.evaluation.values import (
    Alternative,
    Application,
    Choice,
    ClassValue,
    Const,
    External,
    Parametrized,
    Value,
)

_UNIONS = ("Union", "UnionType", "Optional")


@dataclass(slots=True)
class Shape:
    """An annotation without its wrappers. `base` is what is left; `metadata` stands outermost last."""

    base: Value
    optional: bool = False
    metadata: list[Value] = field(default_factory=list)


def external_name(value: Value | None, *tops: str) -> str:
    """The last segment of a library name that stands in one of the packages `tops`; else empty."""
    if not isinstance(value, External):
        return ""
    top = value.name.partition(".")[0]
    return value.name.rpartition(".")[2] if not tops or top in tops else ""


def called(value: Value | None, *tops: str) -> str:
    """The last segment of the library function whose result `value` is; else empty."""
    return external_name(value.function, *tops) if isinstance(value, Application) else ""


def is_none(value: Value) -> bool:
    """Whether an annotation is `None` or `type(None)`."""
    if isinstance(value, Const):
        return value.value is None
    return external_name(value) in {"NoneType", "None"}


def generic_name(value: Value) -> str:
    """`Union`, `Annotated`, `list`, … of a subscripted library name; else empty."""
    return external_name(value.base) if isinstance(value, Parametrized) else ""


def shape(value: Value) -> Shape:
    """Look through Optional, unions with None, Annotated, and wrappers such as `Final`."""
    found = Shape(value)
    for _ in range(12):
        if not _unwrap(found):
            break
    return found


def _unwrap(found: Shape) -> bool:
    value = found.base
    if isinstance(value, Choice):
        found.base = _first(value.alternatives)
        return True
    if not isinstance(value, Parametrized):
        return False
    name = generic_name(value)
    if name in _UNIONS:
        return _unwrap_union(found, value, name)
    if name == "Annotated" and value.arguments:
        found.base = value.arguments[0]
        found.metadata[:0] = value.arguments[1:]
        return True
    if name in {"Final", "Required", "NotRequired", "ReadOnly"} and value.arguments:
        found.base = value.arguments[0]
        return True
    return False


def _unwrap_union(found: Shape, value: Parametrized, name: str) -> bool:
    members = [a for a in value.arguments if not is_none(a)]
    if name == "Optional" or len(members) < len(value.arguments):
        found.optional = True
    if len(members) == 1:
        found.base = members[0]
        return True
    return False


def _first(alternatives: tuple[Alternative, ...]) -> Value:
    return alternatives[0].value


def class_of(value: Value) -> ClassValue | None:
    """The project class that an annotation names, generic or not."""
    inner = value.base if isinstance(value, Parametrized) else value
    return inner if isinstance(inner, ClassValue) else None


def same_type(left: Value, right: Value) -> bool:
    """Structural equality of two annotations, as keys of a type map are compared."""
    if left is right:
        return True
    if isinstance(left, External) and isinstance(right, External):
        return left.name.rpartition(".")[2] == right.name.rpartition(".")[2]
    if isinstance(left, Const) and isinstance(right, Const):
        return left.value == right.value
    if isinstance(left, Parametrized) and isinstance(right, Parametrized):
        if not same_type(left.base, right.base) or len(left.arguments) != len(right.arguments):
            return False
        return all(same_type(a, b) for a, b in zip(left.arguments, right.arguments, strict=True))
    return False
