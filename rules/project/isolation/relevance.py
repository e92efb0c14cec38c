"""Which of the tests that end paths of a run can prove anything, told without proving it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.evaluation.values import Choice, Const, Value
from rules.project.isolation.formulas import parts
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

    def of(self, query: Query | None) -> frozenset[int]:
        """The tests to ask about a query; without one those that may be about any query or key."""
        about = _EVERY if query is None else id(query)
        found = self._known.get(about)
        if found is None:
            tests = self._tests = self._read() if self._tests is None else self._tests
            found = self._known[about] = frozenset(tests.get(_EVERY, set()) | tests.get(about, set()))
        return found

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
