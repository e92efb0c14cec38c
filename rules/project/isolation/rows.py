"""What the terms of a run have to do with its queries: their rows, columns, and the keys that select them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.evaluation.values import Application, Choice, Condition, Const, Member, Symbol, Value, alternatives
from rules.project.isolation.comparisons import Comparison, comparison
from rules.project.isolation.formulas import leaves
from rules.project.isolation.provenance import Provenances
from rules.project.isolation.queries import Query, row_source
from rules.project.isolation.roles import ClientInput, Input
from rules.project.isolation.statements import Statement, StatementReader
from rules.project.isolation.terms import called_name, children, plain, walk
from rules.project.isolation.traits import Traits


@dataclass(slots=True)
class Rows:
    """The queries of one run, asked by value."""

    queries: list[Query]
    statements: StatementReader
    provenances: Provenances
    results: Mapping[int, Query] = field(init=False)
    _read: dict[int, set[int]] = field(default_factory=dict)
    _bits: dict[int, int] = field(init=False)
    _within: Traits = field(init=False)
    _mentioned: Traits = field(init=False)
    _selected: dict[int, tuple[Value, list[Query]]] = field(default_factory=dict)
    _comparisons: dict[tuple[int, bool], tuple[Value, Comparison | None]] = field(default_factory=dict)
    _parents: dict[int, set[int]] = field(default_factory=dict)
    _keys: dict[int, list[Value]] = field(default_factory=dict)
    _named: dict[int, tuple[Value, list[Value]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.results = {id(query.result): query for query in self.queries}
        self._bits = {id(query.result): 1 << n for n, query in enumerate(self.queries)}
        self._within, self._mentioned = Traits(self._rows_of), Traits(self._rows_below)

    def source(self, value: Value) -> Query | None:
        """The query that a value is a row, rows or column of."""
        return row_source(plain(value), self.results)

    def branches(self, value: Value) -> list[tuple[Query, tuple[Condition, ...]]]:
        """The queries that a value may be of, each under its conditions; a new row on a branch is the own.

        Empty where some branch is of no query.
        """
        if not isinstance(value, Choice):
            found = self.source(value)
            return [] if found is None else [(found, ())]
        others = [a for a in value.alternatives if not self.provenances.is_new(a.value)]
        sources = [(self.source(a.value), a.conditions) for a in others]
        known = [(query, held) for query, held in sources if query is not None]
        return known if len(known) == len(others) else []

    def is_below_new(self, query: Query) -> bool:
        """Whether rows are picked by one that this request makes: they need no guard, and show none."""
        values = (a.value for part in self._equal_parts(query) for a in alternatives(part))
        return any(self.provenances.is_new(plain(value)) for value in values)

    def concerns(self, query: Query | None, statement: Statement | None, value: Value) -> bool:
        """Whether a value is a column or relation of the statement's tables, or of the query's rows."""
        if query is not None and statement is None:
            return self.of_row(query, value)
        return statement is not None and bool(statement.tables) and self.table_of(value) is not None

    def of_row(self, query: Query, value: Value) -> bool:
        """Whether a value is made of the query's rows."""
        return self.source(value) is query or query in self.rows_in(value)

    def rows_in(self, value: Value) -> Iterator[Query]:
        """The queries whose rows a value is made of."""
        bits = 0 if not self._bits or isinstance(value, Const | Symbol) else self._within.of(value)
        return (query for n, query in enumerate(self.queries) if bits >> n & 1) if bits else iter(())

    def is_made_of(self, query: Query, value: Value) -> bool:
        """Whether the query's rows take part in a value, however indirectly."""
        return (
            id(query.result) in self._bits and self._mentioned.of(value) & self._bits[id(query.result)] != 0
        )

    def _rows_of(self, node: Value) -> tuple[int, list[Value]]:
        bit = self._bits.get(id(node))
        return (0, children(node)) if bit is None else (bit, [])

    def _rows_below(self, node: Value) -> tuple[int, list[Value]]:
        return self._bits.get(id(node), 0), children(node)

    def table_of(self, value: Value) -> Value | None:
        """The mapped class whose column or relation a value is."""
        inner = plain(value)
        for _ in range(12):
            if self.statements.is_table(inner):
                return inner
            if isinstance(inner, Member):
                inner = plain(inner.of)
            elif isinstance(inner, Application) and called_name(inner) in {"aliased", "any_", "array_agg"}:
                inner = plain(inner.arguments.positional[0]) if inner.arguments.positional else Const(None)
            elif isinstance(inner, Application) and isinstance(inner.function, Member):
                inner = plain(inner.function.of)
            else:
                return None
        return None

    def rows_read(self, test: Value) -> set[int]:
        """The queries of whose row an attribute is read in a test."""
        if not self._within.of(test):
            return set()
        found = self._read.get(id(test))
        if found is None:
            sources = [self.source(n.of) for n in walk(test, stop=self._is_result) if isinstance(n, Member)]
            found = self._read[id(test)] = {id(query) for query in sources if query is not None}
        return found

    def _is_result(self, value: Value) -> bool:
        return id(value) in self.results

    def is_key(self, query: Query, value: Value) -> bool:
        """Whether the client's value takes part in selecting the query's rows."""
        value = plain(value)
        if not self.provenances.clients(value) or self.source(value) is not None:
            return False
        return self.selects(query, value)

    def selects(self, query: Query, value: Value) -> bool:
        """Whether a value is one of the query's keys."""
        return any(part is value or same_path(part, value) for part in self.keys(query))

    def names_key(self, query: Query, test: Value) -> bool:
        """Whether a key of the query is a part of a test."""
        if not self.keys(query):
            return False
        found = self._named.get(id(test))
        if found is None:
            parts = [plain(node) for node in walk(test) if isinstance(node, Symbol | Member)]
            sent = [part for part in parts if self.provenances.clients(part) and self.source(part) is None]
            found = self._named[id(test)] = (test, sent)
        return any(self.selects(query, part) for part in found[1])

    def selected_by(self, value: Value) -> list[Query]:
        """The queries whose rows the client's value takes part in selecting."""
        found = self._selected.get(id(value))
        if found is None:
            queries = [query for query in self.queries if self.is_key(query, value)]
            found = self._selected[id(value)] = (value, queries)
        return found[1]

    def comparison(self, test: Value, *, truth: bool) -> Comparison | None:
        """The comparison that a test makes."""
        key = (id(test), truth)
        found = self._comparisons.get(key)
        if found is None:
            found = self._comparisons[key] = (test, comparison(test, truth=truth))
        return found[1]

    def follows(self, query: Query, parent: Query) -> bool:
        """Whether a query picks rows by a row of `parent`."""
        found = self._parents.get(id(query))
        if found is None:
            sources = [self.source(part) for part in self._equal_parts(query)]
            found = self._parents[id(query)] = {id(source) for source in sources if source is not None}
        return id(parent) in found

    def keys(self, query: Query) -> list[Value]:
        """The client's values that take part in selecting the query's rows."""
        found = self._keys.get(id(query))
        if found is None:
            found = self._keys[id(query)] = [
                plain(part)
                for part in self._equal_parts(query)
                if self.provenances.clients(plain(part)) and self.source(part) is None
            ]
        return found

    def _equal_parts(self, query: Query) -> Iterator[Value]:
        """Both sides of every equality among the query's criteria."""
        for variant in query.variants:
            for criterion in variant.statement.filters:
                for leaf in leaves(criterion):
                    found = self.comparison(leaf, truth=True)
                    if found is not None and found.equal:
                        yield found.left
                        yield found.right


def is_same_input(left: Value, right: Value) -> bool:
    """Whether two callables of one request take the same part of it: `{team_id}` of the path, a header."""
    if not (isinstance(left, Symbol) and isinstance(right, Symbol) and isinstance(left.role, ClientInput)):
        return False
    return left.role == right.role and left.role.kind in {Input.PATH, Input.QUERY, Input.HEADER, Input.COOKIE}


def same_path(left: Value, right: Value) -> bool:
    """Whether two terms read the same: the same symbol, or the same attribute of the same value."""
    left, right = plain(left), plain(right)
    for _ in range(8):
        if left is right or is_same_input(left, right):
            return True
        if isinstance(left, Member) and isinstance(right, Member) and left.name == right.name:
            left, right = plain(left.of), plain(right.of)
        else:
            return False
    return False
