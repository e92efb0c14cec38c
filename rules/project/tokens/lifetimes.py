"""How long a token lives, by the value of its expiry."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Operation, Value, alternatives
from rules.project.isolation.terms import called_name, walk

_UNITS = {
    "weeks": 604800.0, "days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0,
    "milliseconds": 0.001, "microseconds": 0.000001,
}  # fmt: skip
_POSITIONS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A lifetime in seconds; `configurable` where the deployment may set another."""

    seconds: float
    configurable: bool


def lifetimes(expiry: Value | None) -> tuple[Lifetime, ...]:
    """The lifetimes on each path on which they are known."""
    if expiry is None:
        return ()
    found = (_lifetime(a.value) for a in alternatives(expiry))
    return tuple(lifetime for lifetime in found if lifetime is not None)


def _lifetime(expiry: Value) -> Lifetime | None:
    for node in walk(expiry):
        if isinstance(node, Operation) and node.operator == "+":
            for operand in node.operands:
                found = duration(operand)
                if found is not None:
                    return found
    return None


def duration(value: Value) -> Lifetime | None:
    """The length of a `timedelta`, or of a number of seconds."""
    if (
        isinstance(value, Const)
        and isinstance(value.value, int | float)
        and not isinstance(value.value, bool)
    ):
        return Lifetime(float(value.value), value.configurable)
    if not isinstance(value, Application) or called_name(value) != "timedelta":
        return None
    given = [*zip(_POSITIONS, value.arguments.positional, strict=False), *value.arguments.keywords.items()]
    seconds, configurable = 0.0, False
    for unit, amount in given:
        if unit not in _UNITS or not isinstance(amount, Const) or not isinstance(amount.value, int | float):
            return None
        seconds += _UNITS[unit] * amount.value
        configurable = configurable or amount.configurable
    return Lifetime(seconds, configurable)
