"""The texts that a value may be, with what exists only at run time left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Condition,
    Const,
    Operation,
    Sequence,
    Value,
    alternatives,
)
from rules.project.hardening.secret_texts import OPAQUE
from rules.project.isolation.terms import called_name, receiver

_TRANSPARENT = frozenset(
    {"SecretStr", "SecretBytes", "Secret", "str", "bytes", "URL", "DatabaseURL", "make_url", "OctKey"}
)
_METHODS = frozenset({"encode", "get_secret_value", "strip", "unicode_string", "import_key"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text; `configurable` where the deployment may override it."""

    text: str
    configurable: bool
    conditions: tuple[Condition, ...]
    pieces: tuple[str, ...]


def texts_of(value: Value | None) -> Iterator[Text]:
    """Every text that a value may be; nothing where no part of it is written in the source."""
    for alternative in alternatives(value) if value is not None else ():
        inner = alternative.value
        if isinstance(inner, Operation) and inner.operator == "or":
            yield from (found for o in inner.operands if (found := _text(o, (), is_fallback=True)))
        elif (found := _text(inner, alternative.conditions, is_fallback=False)) is not None:
            yield found


def _text(value: Value, conditions: tuple[Condition, ...], *, is_fallback: bool) -> Text | None:
    parts = list(_parts(value, 0))
    known = [p for p in parts if isinstance(p, Const)]
    texts = tuple(_string(p) for p in known)
    if not any(texts):
        return None
    joined = "".join(_string(p) if isinstance(p, Const) else OPAQUE for p in parts)
    return Text(joined, is_fallback or any(p.configurable for p in known), conditions, texts)


def _string(value: Const) -> str:
    if isinstance(value.value, bytes):
        return value.value.decode("utf-8", "replace")
    return value.value if isinstance(value.value, str) else str(value.value or "")


def _parts(value: Value, depth: int) -> Iterator[Value]:
    if depth > 8:
        yield value
    elif isinstance(value, Operation) and value.operator in {"f", "+"}:
        for operand in value.operands:
            yield from _parts(operand, depth + 1)
    elif isinstance(value, Application) and called_name(value) in _METHODS and receiver(value) is not None:
        inner = receiver(value)
        given = value.arguments.positional[:1] if called_name(value) == "import_key" else []
        yield from _parts(given[0] if given else inner or value, depth + 1)
    elif isinstance(value, Application) and called_name(value) in _TRANSPARENT and value.arguments.positional:
        yield from _parts(value.arguments.positional[0], depth + 1)
    elif isinstance(value, Const) and isinstance(value.value, str | bytes):
        yield value
    elif isinstance(value, Sequence) and value.kind == "tuple" and len(value.items) == 1:
        yield from _parts(value.items[0], depth + 1)
    else:
        yield value
