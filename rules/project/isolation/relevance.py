"""Which of the tests that end paths of a run can prove anything, told without proving it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.evaluation.values import Choice, Const, Member, Symbol, Value
from rules.project.isolation.formulas import leaves, parts
from rules.project.isolation.paths import Log
from rules.project.isolation.queries import Query
from rules.project.isolation.rows import Rows

_EVERY = 0  # stands for every query


@dataclass(slots=True)
class Relevance:
    """The tests that end paths of a run, by the queries that they may say something about; by identity."""

    log: Log
    rows: Rows
    _tests: dict[int, set[int]] | None = None
    _queries: dict[int, frozenset[int]] = field(default_factory=dict)
    _known: dict[int, frozenset[int]] = field(default_factory=dict)
    _compared: dict[int, list[tuple[Member, Value]]] | None = None

    def of(self, query: Query | None) -> frozenset[int]:
        """The tests to ask about a query; without one those that may be about any query or key."""
        about = _EVERY if query is None else id(query)
        found = self._known.get(about)
        if found is None:
            tests = self._tests = self._read() if self._tests is None else self._tests
            found = self._known[about] = frozenset(tests.get(_EVERY, set()) | tests.get(about, set()))
        return found

    def compared(self, query: Query) -> Sequence[tuple[Member, Value]]:
        """The columns of its rows that refusals compare with something named, and with what."""
        if self._compared is None:
            self._compared = {}
            for column, value in self._comparisons():
                source = self.rows.source(column.of)
                if source is not None:
                    self._compared.setdefault(id(source), []).append((column, value))
        return self._compared.get(id(query), ())

    def _comparisons(self) -> Iterator[tuple[Member, Value]]:
        for leaf in (leaf for test in self.log.tests for leaf in leaves(test)):
            found = self.rows.comparison(leaf, truth=True)
            for column, value in found.sides() if found is not None else ():
                if isinstance(column, Member) and isinstance(value, Symbol | Member):
                    yield column, value

    def _read(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for test in self.log.tests:
            for query in self._about(test):
                found.setdefault(query, set()).add(id(test))
        return found

    def _about(self, test: Value) -> frozenset[int]:
        found = self._queries.get(id(test))
        if found is None:
            self._queries[id(test)] = frozenset()
            found = self._queries[id(test)] = self._of_formula(test)
        return found

    def _of_formula(self, test: Value) -> frozenset[int]:
        if isinstance(test, Const):
            return frozenset({_EVERY})
        inner = parts(test)
        if isinstance(test, Choice):
            inner = [a.value for a in test.alternatives]
            inner += [c.test for a in test.alternatives for c in a.conditions]
        if inner:
            return frozenset().union(*(self._about(part) for part in inner))
        if self.rows.provenances.mentions_identity(test) or self.rows.statements.read(test):
            return frozenset({_EVERY})
        return frozenset(id(query) for query in self.rows.rows_in(test))
