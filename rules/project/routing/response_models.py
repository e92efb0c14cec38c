"""A response model as text, spelled as Python prints the type, without module paths."""

from __future__ import annotations

from rules.evaluation.values import (
    ClassValue,
    Const,
    External,
    Instance,
    Member,
    Parametrized,
    Value,
    alternatives,
)
from rules.project.routing.framework import FRAMEWORK, base_classes, dotted, split

_MAX_DEPTH = 12
_STREAMS = frozenset(
    {
        "AsyncIterable", "AsyncIterator", "AsyncGenerator", "Iterable", "Iterator", "Generator",
    }
)  # fmt: skip


def is_response(value: Value) -> bool:
    """Whether a type is a response class, which is no model."""
    inner = value.base if isinstance(value, Parametrized) else value
    return any(
        split(name)[1].endswith("Response")
        and (split(name)[0] in FRAMEWORK or split(name)[0] == "sse_starlette")
        for name in base_classes(inner)
    )


def is_stream(value: Value) -> bool:
    """Whether a return annotation is an iterator's, whose items FastAPI streams."""
    return isinstance(value, Parametrized) and split(dotted(value.base))[1] in _STREAMS


def type_text(value: Value, depth: int = 0) -> str:
    """The type's name: `list[Item]`, `Optional[Item]`, `Page[Item]`, `Item | None`."""
    value = alternatives(value)[0].value
    if depth > _MAX_DEPTH:
        return "…"
    match value:
        case Const(value=None):
            return "None"
        case Const(value=scalar):
            return repr(scalar)
        case ClassValue(qualname=qualname):
            return qualname
        case Instance(cls=cls, attributes=attributes) if "name" in attributes:
            return f"<{cls.qualname}.{_plain(attributes['name'])}>"
        case External(name=name):
            return "..." if name == "builtins.Ellipsis" else split(name)[1]
        case Member(name=name):
            return name
        case Parametrized():
            return _parametrized(value, depth)
        case _:
            return "Unknown"


def _plain(value: Value) -> str:
    return str(value.value) if isinstance(value, Const) else "?"


def _parametrized(value: Parametrized, depth: int) -> str:
    name = split(dotted(value.base))[1]
    arguments = [type_text(a, depth + 1) for a in value.arguments]
    if name == "Annotated" and arguments:
        return arguments[0]
    if name in {"Union", "UnionType"}:
        return _union(value, arguments)
    base = type_text(value.base, depth + 1)
    return f"{base}[{', '.join(arguments)}]"


def _union(value: Parametrized, arguments: list[str]) -> str:
    unique = list(dict.fromkeys(arguments))
    if len(unique) == 1:
        return unique[0]
    if value.bar:
        return " | ".join(unique)
    if len(unique) == 2 and "None" in unique:
        return f"Optional[{next(a for a in unique if a != 'None')}]"
    return f"Union[{', '.join('NoneType' if a == 'None' else a for a in unique)}]"
