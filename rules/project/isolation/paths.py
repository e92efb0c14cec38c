"""What holds at a moment of a run: the conditions assumed there, and what earlier refusals leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from rules.evaluation.values import Condition, Effect, Operation, Symbol, Value
from rules.project.isolation.formulas import Evidence, Leaf, Proof, Prover, is_loop, joined, nobody, settled
from rules.project.isolation.log_index import LogIndex

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
    _tests: tuple[Value, ...] | None = None
    _index: LogIndex | None = None
    _compared: list[Ending] = field(default_factory=list)
    _left_out: dict[tuple[int, ...], LeftOut] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.endings = [
            (position, effect.conditions)
            for position, effect in enumerate(self.effects)
            if effect.kind == "raise" or (effect.kind == "return" and self.is_response(position))
        ]

    @property
    def index(self) -> LogIndex:
        """Where effects of some kind stand."""
        if self._index is None:
            self._index = LogIndex.of(self.effects)
        return self._index

    @property
    def tests(self) -> tuple[Value, ...]:
        """What is tested on the paths that end, each test once, in order."""
        if self._tests is None:
            found = {id(c.test): c.test for _, path in self.endings for c in path}
            self._tests = tuple(found.values())
        return self._tests

    def is_response(self, position: int) -> bool:
        """Whether the effect is the handler's own return."""
        effect = self.effects[position]
        return effect.kind == "return" and position >= self.handler and len(effect.stack) == self.depth

    def moment(self, position: int, extra: Tests = ()) -> Moment:
        """What holds when the effect at `position` happens; `extra` are further assumptions."""
        return self._moment(position, self.effects[position].conditions + extra)

    def within(self, moment: Moment, conditions: Tests) -> Moment:
        """The same moment where further conditions hold."""
        return self._moment(moment.position, moment.conditions + conditions) if conditions else moment

    def end(self) -> Moment:
        """What holds after everything that was not refused."""
        return self._moment(len(self.effects), ())

    def _moment(self, position: int, conditions: Tests) -> Moment:
        key = tuple(id(c) for c in conditions)
        left_out = self._left_out.get(key)
        if left_out is None:
            if len(self._compared) < len(self.endings):
                self._compared = [Ending(at, tests) for at, tests in self.endings]
            left_out = self._left_out[key] = LeftOut(self._compared, {_key(c) for c in conditions})
        return Moment(position, left_out.held_with(conditions, left_out.before(position)))


def _key(condition: Condition) -> int:
    return id(condition.test) * 2 + condition.negated


class Ending:
    """The position at which a path ends, what was assumed there, and the same as numbers to compare."""

    __slots__ = ("caught", "keys", "opposites", "position", "tests")

    def __init__(self, position: int, tests: Tests) -> None:
        self.position = position
        self.tests = tests
        self.keys = frozenset(_key(c) for c in tests)
        self.opposites = frozenset(key ^ 1 for key in self.keys)
        self.caught = frozenset(_key(c) for c in tests if _is_caught(c))


def _is_caught(condition: Condition) -> bool:
    return isinstance(condition.test, Symbol) and condition.test.role == "caught"


@dataclass(slots=True)
class LeftOut:
    """The refusals that did not happen on a path, in order, found as far as they were asked for.

    `held` is what is assumed on the path, and what follows from its refusals.
    """

    endings: list[Ending]
    held: set[int]
    found: list[tuple[int, Tests]] = field(default_factory=list)
    asked: list[frozenset[int]] = field(default_factory=list)
    by_test: dict[int, list[int]] = field(default_factory=dict)
    _next: int = 0
    _known: dict[int, Held] = field(default_factory=dict)

    def held_with(self, conditions: Tests, count: int) -> Held:
        """All that holds after so many of them."""
        found = self._known.get(count)
        if found is None:
            found = self._known[count] = Held(conditions, Refusals(self, count))
        return found

    def before(self, position: int) -> int:
        """How many of them come before a position."""
        while self._next < len(self.endings) and self.endings[self._next].position < position:
            self._add(self.endings[self._next])
            self._next += 1
        count = len(self.found)
        while count and self.found[count - 1][0] >= position:
            count -= 1
        return count

    def _add(self, ending: Ending) -> None:
        open_ = ending.keys - self.held
        if not open_ or not open_.isdisjoint(ending.caught):
            return
        if any(key ^ 1 in open_ for key in ending.opposites & self.held):
            return
        tests = tuple(c for c in ending.tests if _key(c) in open_)
        asked = frozenset(id(c.test) for c in tests if not is_loop(c))
        self.asked.append(asked)
        for test in asked or [0]:
            self.by_test.setdefault(test, []).append(len(self.found))
        self.found.append((ending.position, tests))
        if len(tests) == 1:
            self.held.add(_key(tests[0]) ^ 1)


@dataclass(frozen=True, slots=True)
class Refusals:
    """The first `count` of the refusals that did not happen on a path."""

    left_out: LeftOut
    count: int

    def __iter__(self) -> Iterator[Tests]:
        return (tests for _, tests in self.left_out.found[: self.count])

    def within(self, tests: AbstractSet[int] | None) -> Iterable[Tests]:
        """Those that test nothing but some of the tests, given by identity; None for all."""
        if tests is None:
            return self
        found, by_test = self.left_out.found, self.left_out.by_test
        named = {
            n for test in (*(by_test.keys() & tests), 0) for n in by_test.get(test, ()) if n < self.count
        }
        asked = self.left_out.asked
        return (found[n][1] for n in sorted(named) if asked[n] <= tests)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """All that holds somewhere: `conditions`, and that no refusal came true as a whole."""

    conditions: Tests
    refusals: Refusals
    _evidence: dict[int, tuple[Prover, Evidence]] = field(default_factory=dict)
    _further: frozenset[int] = frozenset()
    _more: dict[frozenset[int], Held] = field(default_factory=dict)

    def assuming(self, conditions: Tests) -> Held:
        """The same and further conditions."""
        held = {id(c) for c in self.conditions}
        new = tuple(c for c in conditions if id(c) not in held)
        if not new:
            return self
        key = self._further.union(id(c) for c in new)
        found = self._more.get(key)
        if found is None:
            found = self._more[key] = Held(
                self.conditions + new, self.refusals, _further=key, _more=self._more
            )
        return found

    def evidence(self, prover: Prover, tests: AbstractSet[int] | None = None) -> Evidence:
        """The best evidence in it; refusals give some only where all they test is among `tests`."""
        found = self._evidence.get(id(prover))
        if found is None:
            found = self._evidence[id(prover)] = (prover, joined(self.pieces(prover, tests), best=True))
        return found[1]

    def pieces(self, prover: Prover, tests: AbstractSet[int] | None = None) -> Iterator[Evidence]:
        """The evidence of each condition and refusal."""
        for condition in self.conditions:
            yield prover.prove(condition.test, truth=not condition.negated)
        for refusal in self.refusals.within(tests):
            yield prover.refute(refusal)


NOTHING_HELD = Held((), Refusals(LeftOut([], set()), 0))


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A position and all that holds there."""

    position: int
    held: Held

    @property
    def conditions(self) -> Tests:
        """What is assumed there."""
        return self.held.conditions

    @property
    def refusals(self) -> Refusals:
        """The refusals before it that did not happen."""
        return self.held.refusals

    def proves(self, leaf: Leaf) -> Proof:
        """The best proof that anything which holds here gives."""
        return settled(joined(self.held.pieces(Prover(leaf)), best=True), nobody)


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
