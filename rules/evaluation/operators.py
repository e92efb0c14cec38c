"""Operators over values: computed where both sides are known, a term where they are not."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from rules.evaluation.environment import member_value
from rules.evaluation.values import (
    Alternative,
    Application,
    Choice,
    ClassValue,
    Const,
    Dictionary,
    External,
    FunctionValue,
    Instance,
    Item,
    Member,
    ModuleValue,
    Operation,
    Origin,
    Parametrized,
    Sequence,
    Symbol,
    Value,
    choose,
)

_MAX_TEXT = 10_000
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "|": operator.or_, "&": operator.and_, "^": operator.xor,
}  # fmt: skip
_COMPARISON: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
_TYPE_NAMES = {
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "list",
    "dict",
    "set",
    "tuple",
    "frozenset",
    "type",
    "object",
}


def truth(value: Value) -> bool | None:
    """Whether a value is truthy; None where it is not known or the deployment decides."""
    if isinstance(value, Const):
        return None if value.configurable else bool(value.value)
    if isinstance(value, Member | Application | Operation | Symbol | Item):
        return None
    match value:
        case Sequence(items=items, is_open=is_open) | Dictionary(items=items, is_open=is_open):
            return True if items and not is_open else (None if is_open else False)
        case FunctionValue() | ClassValue() | ModuleValue() | Instance() | Parametrized():
            return True
        case External(name=name):
            return False if name.endswith(".TYPE_CHECKING") else (True if _is_type_name(name) else None)
        case Choice(alternatives=alternatives):
            answers = {truth(a.value) for a in alternatives}
            return answers.pop() if len(answers) == 1 else None
        case _:
            return None


def is_type(value: Value) -> bool:
    """Whether a value can only be read as a type in `A | B` or `A[B]`."""
    if isinstance(value, External):
        return _is_type_name(value.name)
    return isinstance(value, ClassValue | Parametrized)


def _is_type_name(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last[:1].isupper() or (name.startswith("builtins.") and last in _TYPE_NAMES)


def binary(symbol: str, left: Value, right: Value, origin: Origin) -> Value:
    """`left symbol right`."""
    if isinstance(left, Choice):
        return choose(
            [Alternative(binary(symbol, a.value, right, origin), a.conditions) for a in left.alternatives]
        )
    if symbol == "|" and (is_type(left) or is_type(right) or _is_none(left) or _is_none(right)):
        return Parametrized(External("typing.Union"), [*_members(left), *_members(right)], bar=True)
    if isinstance(left, Const) and isinstance(right, Const):
        return _arithmetic(symbol, left, right, origin)
    if isinstance(left, Const) and symbol == "%" and isinstance(right, Sequence):
        return _percent(left, right, origin)
    if isinstance(left, Sequence) and isinstance(right, Sequence) and symbol in "+|":
        return Sequence(left.kind, [*left.items, *right.items], left.is_open or right.is_open)
    if isinstance(left, Dictionary) and isinstance(right, Dictionary) and symbol == "|":
        return Dictionary([*left.items, *right.items], left.is_open or right.is_open)
    return Operation(symbol, [left, right], origin)


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _members(value: Value) -> list[Value]:
    inner = isinstance(value, Parametrized) and isinstance(value.base, External)
    if inner and isinstance(value, Parametrized) and value.base.name == "typing.Union":  # type: ignore[attr-defined]
        return value.arguments
    return [value]


def _arithmetic(symbol: str, left: Const, right: Const, origin: Origin) -> Value:
    compute = _ARITHMETIC.get(symbol)
    small = all(not isinstance(c.value, int) or abs(c.value) < 2**40 for c in (left, right))
    if compute is None or not small or not _affordable(symbol, left, right):
        return Operation(symbol, [left, right], origin)
    try:
        result = compute(left.value, right.value)
    except (TypeError, ValueError, ArithmeticError):
        return Operation(symbol, [left, right], origin)
    if isinstance(result, str | bytes) and len(result) > _MAX_TEXT:
        return Operation(symbol, [left, right], origin)
    return Const(result, left.configurable or right.configurable)


def _affordable(symbol: str, left: Const, right: Const) -> bool:
    texts = [c.value for c in (left, right) if isinstance(c.value, str | bytes)]
    counts = [c.value for c in (left, right) if isinstance(c.value, int)]
    if not texts:
        return True
    return symbol in "+%" or (symbol == "*" and bool(counts) and len(texts[0]) * counts[0] <= _MAX_TEXT)


def _percent(left: Const, right: Sequence, origin: Origin) -> Value:
    if (
        isinstance(left.value, str)
        and all(isinstance(i, Const) for i in right.items)
        and "*" not in left.value
    ):
        try:
            values = tuple(i.value for i in right.items if isinstance(i, Const))
            return Const(left.value % values, left.configurable)
        except (TypeError, ValueError):
            pass
    return Operation("%", [left, right], origin)


def compare(symbol: str, left: Value, right: Value, origin: Origin) -> Value:
    """`left symbol right` for one comparison operator."""
    if isinstance(left, Choice):
        return choose(
            [Alternative(compare(symbol, a.value, right, origin), a.conditions) for a in left.alternatives]
        )
    left, right = _members_as_values(left, right)
    answer = _compared(symbol, left, right)
    if answer is None:
        return Operation(symbol, [left, right], origin)
    configurable = any(isinstance(v, Const) and v.configurable for v in (left, right))
    return Const(answer, configurable)


def _members_as_values(left: Value, right: Value) -> tuple[Value, Value]:
    """Members of enums as their values, where both sides are members or one is a setting that holds one."""
    values = member_value(left), member_value(right)
    if isinstance(left, Instance) and isinstance(right, Instance) and left.cls is right.cls:
        return values[0] or left, values[1] or right
    if isinstance(left, Const) and left.configurable:
        if isinstance(right, Sequence):
            items = [member_value(item) or item for item in right.items]
            return left, Sequence(right.kind, items, right.is_open)
        return left, values[1] or right
    if isinstance(right, Const) and right.configurable:
        return values[0] or left, right
    return left, right


def _compared(symbol: str, left: Value, right: Value) -> bool | None:
    if symbol in ("in", "not in"):
        return _contained(symbol, left, right)
    if isinstance(left, Const) and isinstance(right, Const):
        if symbol in ("is", "is not"):
            same = left.value is right.value or left.value == right.value
            return same if symbol == "is" else not same
        try:
            return bool(_COMPARISON[symbol](left.value, right.value))
        except (TypeError, KeyError):
            return None
    if symbol in ("is", "is not") and _never_none(left) and isinstance(right, Const) and right.value is None:
        return symbol == "is not"
    return None


def _never_none(value: Value) -> bool:
    return isinstance(value, Instance | FunctionValue | ClassValue | Sequence | Dictionary | ModuleValue)


def _contained(symbol: str, left: Value, right: Value) -> bool | None:
    if not isinstance(left, Const):
        return None
    if isinstance(right, Const) and isinstance(right.value, str) and isinstance(left.value, str):
        return (left.value in right.value) == (symbol == "in")
    if isinstance(right, Sequence) and not right.is_open and all(isinstance(i, Const) for i in right.items):
        found = any(isinstance(i, Const) and i.value == left.value for i in right.items)
        return found == (symbol == "in")
    if isinstance(right, Dictionary) and not right.is_open:
        return (right.get(left.value) is not None) == (symbol == "in")
    return None


def negate(value: Value, origin: Origin) -> Value:
    """`not value`."""
    if isinstance(value, Choice):
        return choose([Alternative(negate(a.value, origin), a.conditions) for a in value.alternatives])
    known = truth(value)
    if known is not None:
        return Const(not known)
    if isinstance(value, Const):
        return Const(not value.value, configurable=True)
    return Operation("not", [value], origin)


def unary(symbol: str, value: Value, origin: Origin) -> Value:
    """`-value`, `+value` or `~value`."""
    if isinstance(value, Const) and isinstance(value.value, int | float) and symbol in "+-":
        return Const(-value.value if symbol == "-" else value.value, value.configurable)
    return Operation(symbol, [value], origin)


def text(parts: list[Value], origin: Origin) -> Value:
    """An f-string of evaluated parts."""
    pieces: list[str] = []
    configurable = False
    for part in parts:
        inner = part.attributes.get("value", part) if isinstance(part, Instance | Application) else part
        if not isinstance(inner, Const):
            return Operation("f", parts, origin)
        pieces.append(str(inner.value))
        configurable = configurable or inner.configurable
    return Const("".join(pieces), configurable)
