"""What holds at a moment of a run: the conditions assumed there, and what earlier refusals leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.evaluation.values import Condition, Effect, Operation, Symbol, Value
from rules.project.isolation.formulas import Leaf, Proof, Prover

Tests = tuple[Condition, ...]


@dataclass(slots=True)
class Log:
    """A run's effects in order, with those that end a path told apart: raises, and the handler's returns.

    `handler` is the position at which the handler begins, `depth` its distance from the outermost call.
    """

    effects: Sequence[Effect]
    handler: int = 0
    depth: int = 1
    endings: list[tuple[int, Tests]] = field(init=False)

    def __post_init__(self) -> None:
        self.endings = [
            (position, effect.conditions)
            for position, effect in enumerate(self.effects)
            if effect.kind == "raise" or self.is_response(position)
        ]

    def is_response(self, position: int) -> bool:
        """Whether the effect is the handler's own return."""
        effect = self.effects[position]
        return effect.kind == "return" and position >= self.handler and len(effect.stack) == self.depth

    def moment(self, position: int, extra: Tests = ()) -> Moment:
        """What holds when the effect at `position` happens; `extra` are further assumptions."""
        conditions = (*self.effects[position].conditions, *extra)
        return self._moment(position, conditions)

    def end(self) -> Moment:
        """What holds after everything that was not refused."""
        return self._moment(len(self.effects), ())

    def _moment(self, position: int, conditions: Tests) -> Moment:
        held = {(id(c.test), c.negated) for c in conditions}
        refusals: list[Tests] = []
        for ending, tests in self.endings:
            if ending >= position:
                break
            open_ = tuple(c for c in tests if (id(c.test), c.negated) not in held)
            elsewhere = any((id(c.test), not c.negated) in held for c in open_)
            if not open_ or elsewhere or _caught(open_):
                continue
            refusals.append(open_)
            if len(open_) == 1:
                held.add((id(open_[0].test), not open_[0].negated))
        return Moment(position, conditions, tuple(refusals))


def _caught(tests: Tests) -> bool:
    return any(isinstance(t.test, Symbol) and t.test.role == "caught" for t in tests)


@dataclass(frozen=True, slots=True)
class Moment:
    """A position with all that holds there: `conditions`, and that no `refusal` came true as a whole."""

    position: int
    conditions: Tests
    refusals: tuple[Tests, ...] = ()

    def proves(self, leaf: Leaf) -> Proof:
        """The best proof that anything which holds here gives."""
        prover = Prover(leaf)
        best = prover.prove_all(self.conditions)
        for refusal in self.refusals:
            if best is Proof.FULL:
                break
            best = max(best, min(_refuted(test, prover) for test in refusal))
        return best


def _refuted(condition: Condition, prover: Prover) -> Proof:
    test: Value = condition.test
    if isinstance(test, Symbol) and test.role == "each":
        return Proof.FULL
    return prover.prove(test, truth=condition.negated)


def contradicts(assumed: Tests, held: Tests) -> bool:
    """Whether some assumption says that what holds does not: `not (a and b)` where both are known."""
    known = {_polarity(c.test, negated=c.negated) for c in held}
    return any(
        c.negated
        and isinstance(c.test, Operation)
        and c.test.operator == "and"
        and all(_polarity(part, negated=False) in known for part in c.test.operands)
        for c in assumed
    )


def _polarity(test: Value, *, negated: bool) -> tuple[int, bool]:
    while isinstance(test, Operation) and test.operator == "not":
        test, negated = test.operands[0], not negated
    return id(test), negated
