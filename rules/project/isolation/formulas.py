"""Boolean reasoning over terms: does a test, having come out one way, prove something about its leaves?

Used alike for Python conditions (`if item.owner_id != user.id: raise`) and for SQL criteria
(`and_(T.id == id, T.owner_id == user.id)`), which are the same terms.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from rules.evaluation.values import (
    Alternative,
    Application,
    Choice,
    Condition,
    Const,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.terms import called_name


class Proof(enum.IntEnum):
    """How well something is proven: not at all, by a helper nobody could look into, or fully."""

    NONE = 0
    HELPER = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Pending:
    """What the test alone does not decide: the best or the least of `known` and the trust in each part."""

    known: Proof
    parts: tuple[Value | Pending, ...]
    best: bool

    def settle(self, trust: Trust) -> Proof:
        """The proof that it turns out to be."""
        found, decided = self.known, Proof.FULL if self.best else Proof.NONE
        for part in self.parts:
            if found is decided:
                break
            proof = part.settle(trust) if isinstance(part, Pending) else trust(part)
            found = max(found, proof) if self.best else min(found, proof)
        return found


Evidence: TypeAlias = Proof | Pending
Trust: TypeAlias = Callable[[Value], Proof]


def settled(evidence: Evidence, trust: Trust) -> Proof:
    """The proof that evidence gives where values are trusted as `trust` says."""
    return evidence.settle(trust) if isinstance(evidence, Pending) else evidence


def nobody(_value: Value) -> Proof:
    """Trust in no value."""
    return Proof.NONE


def joined(parts: Iterable[Evidence], *, best: bool) -> Evidence:
    """The best or the least of several pieces of evidence."""
    neutral, decided = (Proof.NONE, Proof.FULL) if best else (Proof.FULL, Proof.NONE)
    known = neutral
    pending: list[Pending] = []
    for part in parts:
        if isinstance(part, Pending):
            pending.append(part)
        else:
            known = max(known, part) if best else min(known, part)
            if known is decided:
                return known
    if not pending:
        return known
    if len(pending) == 1 and known is neutral:
        return pending[0]
    return Pending(known, tuple(pending), best)


class Leaf(Protocol):
    """What one test proves, having come out as `truth`."""

    def __call__(self, test: Value, /, *, truth: bool) -> Evidence: ...


_AND = frozenset({"and", "&", "and_", "all"})
_OR = frozenset({"or", "|", "or_", "any"})
_NOT = frozenset({"not", "~", "not_"})
_CONNECTIVES = _AND | _OR | _NOT
_CALLED = frozenset({"and_", "or_", "not_", "all", "any"})
_DEPTH = 24
_STEPS = 20_000


def is_loop(condition: Condition) -> bool:
    """Whether a condition only says that a loop's body is run."""
    return isinstance(condition.test, Symbol) and condition.test.role == "each"


@dataclass(slots=True)
class Prover:
    """Proves with one `leaf`, each test once. After too many steps nothing more is proven."""

    leaf: Leaf
    _known: dict[tuple[int, bool], tuple[Value, Evidence]] = field(default_factory=dict)
    _refuted: dict[int, tuple[tuple[Condition, ...], Evidence]] = field(default_factory=dict)

    def prove(self, test: Value, *, truth: bool, depth: int = 0) -> Evidence:
        """What follows from `test` being `truth`.

        A conjunction proves what any part proves, a disjunction only what every possible part proves.
        """
        key = (id(test), truth)
        found = self._known.get(key)
        if found is None:
            if depth > _DEPTH or len(self._known) > _STEPS:
                return Proof.NONE
            self._known[key] = (test, Proof.NONE)
            found = self._known[key] = (test, self._prove(test, truth=truth, depth=depth))
        return found[1]

    def refute(self, refusal: tuple[Condition, ...]) -> Evidence:
        """What follows from the conditions not having come true all at once."""
        found = self._refuted.get(id(refusal))
        if found is None:
            proofs = (self.prove(c.test, truth=c.negated) for c in refusal if not is_loop(c))
            found = self._refuted[id(refusal)] = (refusal, joined(proofs, best=False))
        return found[1]

    def _prove(self, test: Value, *, truth: bool, depth: int) -> Evidence:
        if isinstance(test, Const):
            impossible = bool(test.value) is not truth and not test.configurable
            return Proof.FULL if impossible else Proof.NONE
        if isinstance(test, Choice):
            return joined(
                (self._alternative(a, truth=truth, depth=depth) for a in test.alternatives), best=False
            )
        if _raises(test):
            return Proof.FULL
        connective, inner = _split(test)
        if not inner:
            return self.leaf(test, truth=truth)
        if connective in _NOT:
            return self.prove(inner[0], truth=not truth, depth=depth + 1)
        proofs = [self.prove(part, truth=truth, depth=depth + 1) for part in inner]
        return joined(proofs, best=(connective in _AND) is truth)

    def _alternative(self, alternative: Alternative, *, truth: bool, depth: int) -> Evidence:
        path = [self.prove(c.test, truth=not c.negated, depth=depth + 2) for c in alternative.conditions]
        return joined([*path, self.prove(alternative.value, truth=truth, depth=depth + 1)], best=True)


def _raises(test: Value) -> bool:
    """Whether nothing can come out of a test: it asks None for an attribute."""
    asked = test.operands if isinstance(test, Operation) and test.operator not in _NOT else [test]
    return any(isinstance(a, Member) and isinstance(a.of, Const) and a.of.value is None for a in asked)


def _split(test: Value) -> tuple[str, list[Value]]:
    if isinstance(test, Operation):
        return (test.operator, test.operands) if test.operator in _CONNECTIVES else ("", [])
    if isinstance(test, Application):
        name = called_name(test)
        if name in _CALLED:
            return name, _spread(test.arguments.positional)
        if name == "bool" and len(test.arguments.positional) == 1:
            return "and", list(test.arguments.positional)
    return "", []


def _spread(values: Iterable[Value]) -> list[Value]:
    spread: list[Value] = []
    for value in values:
        spread.extend(value.items if isinstance(value, Sequence) else [value])
    return spread


def parts(test: Value) -> list[Value]:
    """What a connective connects; empty for a leaf."""
    return _split(test)[1]


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
        inner = parts(current)
        pending.extend(inner)
        if not inner:
            yield current
