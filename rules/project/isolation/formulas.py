"""Boolean reasoning over terms: does a test, having come out one way, prove something about its leaves?

Used alike for Python conditions (`if item.owner_id != user.id: raise`) and for SQL criteria
(`and_(T.id == id, T.owner_id == user.id)`), which are the same terms.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from rules.evaluation.values import Application, Choice, Condition, Const, Operation, Sequence, Value
from rules.project.isolation.terms import called_name


class Proof(enum.IntEnum):
    """How well something is proven: not at all, by a helper nobody could look into, or fully."""

    NONE = 0
    HELPER = 1
    FULL = 2


class Leaf(Protocol):
    """What one test proves, having come out as `truth`."""

    def __call__(self, test: Value, /, *, truth: bool) -> Proof: ...


_AND = frozenset({"and", "&", "and_", "all"})
_OR = frozenset({"or", "|", "or_", "any"})
_NOT = frozenset({"not", "~", "not_"})
_DEPTH = 24
_STEPS = 20_000


@dataclass(slots=True)
class Prover:
    """Proves with one `leaf`, each test once. After too many steps nothing more is proven."""

    leaf: Leaf
    _known: dict[tuple[int, bool], Proof] = field(default_factory=dict)
    _steps: int = 0

    def prove(self, test: Value, *, truth: bool, depth: int = 0) -> Proof:
        """What follows from `test` being `truth`.

        A conjunction proves what any part proves, a disjunction only what every possible part proves.
        """
        key = (id(test), truth)
        found = self._known.get(key)
        if found is None:
            self._steps += 1
            if depth > _DEPTH or self._steps > _STEPS:
                return Proof.NONE
            self._known[key] = Proof.NONE
            found = self._known[key] = self._prove(test, truth=truth, depth=depth)
        return found

    def _prove(self, test: Value, *, truth: bool, depth: int) -> Proof:
        if isinstance(test, Const):
            impossible = bool(test.value) is not truth and not test.configurable
            return Proof.FULL if impossible else Proof.NONE
        if isinstance(test, Choice):
            return min(
                max(
                    self.prove_all(a.conditions, depth=depth + 1),
                    self.prove(a.value, truth=truth, depth=depth + 1),
                )
                for a in test.alternatives
            )
        connective, parts = _split(test)
        if not parts:
            return self.leaf(test, truth=truth)
        if connective in _NOT:
            return self.prove(parts[0], truth=not truth, depth=depth + 1)
        proofs = [self.prove(part, truth=truth, depth=depth + 1) for part in parts]
        conjunction = (connective in _AND) is truth
        return max(proofs) if conjunction else min(proofs)

    def prove_all(self, conditions: Iterable[Condition], *, depth: int = 0) -> Proof:
        """The best that any of the conditions of a path proves."""
        best = Proof.NONE
        for condition in conditions:
            best = max(best, self.prove(condition.test, truth=not condition.negated, depth=depth + 1))
            if best is Proof.FULL:
                break
        return best


def _split(test: Value) -> tuple[str, list[Value]]:
    if isinstance(test, Operation) and test.operator in _AND | _OR | _NOT:
        return test.operator, test.operands
    name = called_name(test)
    if isinstance(test, Application) and name in {"and_", "or_", "not_", "all", "any"}:
        return name, _spread(test.arguments.positional)
    if isinstance(test, Application) and name == "bool" and len(test.arguments.positional) == 1:
        return "and", list(test.arguments.positional)
    return "", []


def _spread(values: Iterable[Value]) -> list[Value]:
    spread: list[Value] = []
    for value in values:
        spread.extend(value.items if isinstance(value, Sequence) else [value])
    return spread


def leaves(test: Value) -> Iterator[Value]:
    """The tests that `test` is made of, without what connects them."""
    pending = [test]
    for _ in range(400):
        if not pending:
            return
        current = pending.pop()
        if isinstance(current, Choice):
            pending.extend(alternative.value for alternative in current.alternatives)
            continue
        _, parts = _split(current)
        pending.extend(parts)
        if not parts:
            yield current
