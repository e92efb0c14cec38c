"""Terms for what exists only at run time, paths and effects of a run. See `rules.evaluation.values`."""

from __future__ import annotations

import msgspec

from rules.evaluation.known_values import Arguments, Const, External, Origin, Unknown, Value

MAX_ALTERNATIVES = 8


class Application(Value, eq=False):
    """The result of calling something opaque: a library's class or function, or a term."""

    function: Value
    arguments: Arguments
    origin: Origin
    attributes: dict[str, Value] = msgspec.field(default_factory=dict)


class Member(Value, eq=False):
    """Attribute `name` of an opaque value."""

    of: Value
    name: str
    origin: Origin


class Item(Value, eq=False):
    """`of[key]` of an opaque value; `key` None for "each element of it" (a loop's variable)."""

    of: Value
    key: Value | None
    origin: Origin


class Operation(Value, eq=False):
    """An operator over values, one of which is opaque: `==`, `and`, `not`, `+`, or `f` for an f-string."""

    operator: str
    operands: list[Value]
    origin: Origin


class Symbol(Value, eq=False):
    """An input of an analysis, such as a handler's parameter: `role` says what stands behind it."""

    name: str
    role: object
    annotation: Value | None = None
    attributes: dict[str, Value] = msgspec.field(default_factory=dict)


class Condition(msgspec.Struct, frozen=True, eq=False):
    """What is assumed on a path: `test` came out truthy, or falsy where `negated`.

    In an `except` suite `test` is a `Symbol` whose role is "caught", with the caught types as annotation;
    in a loop over something opaque, one whose role is "each", with the iterable as annotation.
    """

    test: Value
    negated: bool
    origin: Origin


class Alternative(msgspec.Struct, frozen=True, eq=False):
    """A value and what was assumed on the path that gave it."""

    value: Value
    conditions: tuple[Condition, ...] = ()


class Choice(Value, eq=False):
    """One of several values, by branches that could not be decided. Choices do not nest."""

    alternatives: tuple[Alternative, ...]


def alternatives(value: Value) -> tuple[Alternative, ...]:
    """The alternatives of a choice; any other value is its own single alternative."""
    return value.alternatives if isinstance(value, Choice) else (Alternative(value),)


def choose(found: list[Alternative]) -> Value:
    """One value from several: the value itself where all agree, else a choice of at most eight."""
    flat: list[Alternative] = []
    for alternative in found:
        value, conditions = alternative.value, alternative.conditions
        if isinstance(value, Choice):
            flat += [Alternative(a.value, conditions + a.conditions) for a in value.alternatives]
        else:
            flat.append(alternative)
    first = flat[0].value
    for other in flat:
        if other.value is not first and not _same(first, other.value):
            break
    else:
        return first
    if len(flat) > MAX_ALTERNATIVES:
        flat = [*flat[:MAX_ALTERNATIVES], Alternative(Unknown("too many alternatives"))]
    return Choice(tuple(flat))


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, Const) and isinstance(right, Const):
        return type(left.value) is type(right.value) and left.value == right.value
    if isinstance(left, External) and isinstance(right, External):
        return left.name == right.name
    return left is right


class Effect(msgspec.Struct, eq=False):
    """One thing the evaluated code did, in order, with all that was assumed when it happened.

    `kind` is `call` (an opaque call; `value` its Application), `set` (`target.name = value` on an opaque
    target), `raise` (`value` the exception), `return` or `yield` (`value` the result), `delete`.
    `stack` are the calls of project functions that lead here, outermost first.
    """

    kind: str
    value: Value
    conditions: tuple[Condition, ...]
    origin: Origin
    stack: tuple[Origin, ...] = ()
    target: Value | None = None
    name: str = ""
