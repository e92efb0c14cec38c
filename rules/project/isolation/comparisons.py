"""The comparison that a leaf of a formula makes, in Python or in SQL spelling."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Operation, Value
from rules.project.isolation.terms import called_name, plain, receiver

_OPPOSITE = {"==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in", "not in": "in"}
_METHODS = {
    "in_": "in",
    "not_in": "not in",
    "notin_": "not in",
    "is_": "==",
    "is_not": "!=",
    "isnot": "!=",
    "__eq__": "==",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, with casts taken off; `operator` is `==`, `in`, `<`, … as it came out."""

    left: Value
    operator: str
    right: Value

    @property
    def equal(self) -> bool:
        """Whether it says that both sides are the same, or one is among the other."""
        return self.operator in {"==", "is", "in"}

    def sides(self) -> tuple[tuple[Value, Value], tuple[Value, Value]]:
        """Both ways to read it."""
        return (self.left, self.right), (self.right, self.left)


def comparison(test: Value, *, truth: bool) -> Comparison | None:
    """The comparison a test makes when it comes out as `truth`; None where it makes none."""
    found = _written(test)
    if found is None or truth:
        return found
    opposite = _OPPOSITE.get(found.operator)
    return Comparison(found.left, opposite, found.right) if opposite else None


def _written(test: Value) -> Comparison | None:
    if isinstance(test, Operation) and len(test.operands) == 2:
        operator = {"is": "==", "is not": "!="}.get(test.operator, test.operator)
        if operator in {"==", "!=", "in", "not in", "<", "<=", ">", ">="}:
            return Comparison(plain(test.operands[0]), operator, plain(test.operands[1]))
    if not isinstance(test, Application) or not test.arguments.positional:
        return None
    name, arguments, of = called_name(test), test.arguments.positional, receiver(test)
    if name in _METHODS and of is not None:
        return Comparison(plain(of), _METHODS[name], plain(arguments[0]))
    if name in {"compare_digest", "eq"} and len(arguments) == 2:
        return Comparison(plain(arguments[0]), "==", plain(arguments[1]))
    return None


def is_none(value: Value) -> bool:
    """Whether the value is the constant None."""
    return isinstance(value, Const) and value.value is None


def presence(test: Value, *, truth: bool) -> Value | None:
    """What is not None when `test` comes out as `truth`: `if x`, `x is not None`, `not x` being false."""
    found = comparison(test, truth=truth)
    if found is None:
        return test if truth and not isinstance(test, Operation) else None
    if found.operator == "!=" and is_none(found.right):
        return found.left
    if found.operator == "!=" and is_none(found.left):
        return found.right
    return None
