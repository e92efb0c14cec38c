"""Queries that a run sent to the database: statement, shape of the result, and the terms its rows are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Choice,
    Const,
    Dictionary,
    Effect,
    Item,
    Member,
    Operation,
    Sequence,
    Value,
    alternatives,
)
from rules.project.isolation.statements import Statement, StatementReader, Variant
from rules.project.isolation.terms import called_name, receiver

_EXECUTE = frozenset(
    {
        "exec", "execute", "scalar", "scalars", "stream", "stream_scalars", "fetch_all", "fetch_one",
        "fetch_val", "iterate", "fetchall", "fetchrow", "run_sync",
    }
)  # fmt: skip
_ONE = frozenset(
    {
        "first", "one", "one_or_none", "scalar_one", "scalar_one_or_none", "scalar", "fetchone", "fetch_one",
        "fetch_val", "get", "get_one", "get_or_404", "first_or_404",
    }
)  # fmt: skip
_SURE = frozenset({"one", "scalar_one", "get_one", "get_or_404", "first_or_404"})
_MANY = frozenset(
    {"all", "fetchall", "fetch_all", "scalars", "iterate", "paginate", "partitions", "yield_per"}
)
_BUILT = _ONE | _MANY | {"count", "delete", "update"}
_SENDS = _EXECUTE | _BUILT | {"get_one", "get_or_404"}


@dataclass(slots=True, eq=False)
class Query:
    """One query of a run. `kind` is `row`, `rows`, `count`, `update`, `delete` or `insert`.

    `certain` where a missing row raises instead of giving None.
    """

    kind: str
    variants: tuple[Variant, ...]
    effect: Effect
    result: Application
    position: int
    certain: bool = False

    @property
    def tables(self) -> tuple[Value, ...]:
        """The tables that the statement is about, without joined ones."""
        return self.variants[0].statement.tables

    @property
    def writes(self) -> bool:
        """Whether executing the statement itself changes rows."""
        return self.kind in {"update", "delete"}


@dataclass(frozen=True, slots=True)
class QueryReader:
    """Finds the queries among a run's effects; `primary_keys` names each table's key columns."""

    statements: StatementReader
    primary_keys: Mapping[int, tuple[str, ...]]

    def read(self, effects: Iterable[Effect]) -> list[Query]:
        """All queries in the order they were sent."""
        log = list(effects)
        terminals = _terminals(log)
        found: list[Query] = []
        for position, effect in enumerate(log):
            if effect.kind == "call" and isinstance(effect.value, Application):
                name = called_name(effect.value)
                if name not in _SENDS and "paginate" not in name:
                    continue
                query = self._query(effect, effect.value, position, terminals)
                if query is not None:
                    found.append(query)
        return found

    def _query(
        self, effect: Effect, call: Application, position: int, terminals: Mapping[int, set[str]]
    ) -> Query | None:
        name = called_name(call)
        of = receiver(call)
        arguments = call.arguments
        if name in {"get", "get_one", "get_or_404"} and of is not None:
            found = self._by_key(effect, call, position)
            if found is not None:
                return found
        if (name in _EXECUTE and of is not None) or "paginate" in name or name == "apaginate":
            for value in [*arguments.positional, *arguments.keywords.values()]:
                variants = self.statements.read(value)
                if variants and variants[0].statement.tables:
                    methods = {name} | terminals.get(id(call), set())
                    kind = _kind(variants[0].statement, methods)
                    return Query(kind, variants, effect, call, position, bool(methods & _SURE))
        if name in _BUILT and of is not None:
            variants = self.statements.read(of)
            if variants and variants[0].statement.tables:
                kind = name if name in {"count", "update", "delete"} else _kind(variants[0].statement, {name})
                return Query(kind, variants, effect, call, position, name in _SURE)
        return None

    def _by_key(self, effect: Effect, call: Application, position: int) -> Query | None:
        positional = call.arguments.positional
        of = receiver(call)
        table = call.arguments.get(0, "entity")
        key = call.arguments.get(1, "ident")
        base: tuple[Value, ...] = ()
        if of is not None and (variants := self.statements.read(of)) and len(positional) == 1:
            table, key, base = variants[0].statement.tables[0], positional[0], variants[0].statement.filters
        if table is None or key is None or not self.statements.is_table(table):
            return None
        filters = base + tuple(self._key_filters(table, key, effect))
        statement = Statement("select", (table,), effect.origin, filters=filters)
        certain = called_name(call) in _SURE
        return Query("row", (Variant(statement),), effect, call, position, certain)

    def _key_filters(self, table: Value, key: Value, effect: Effect) -> Iterator[Value]:
        names = self.primary_keys.get(id(table)) or ("id",)
        pairs: list[tuple[str, Value]]
        if isinstance(key, Dictionary):
            pairs = [(str(k.value), v) for k, v in key.items if isinstance(k, Const)]
        elif isinstance(key, Sequence) and len(key.items) == len(names):
            pairs = list(zip(names, key.items, strict=True))
        else:
            pairs = [(names[0], key)]
        for name, value in pairs:
            yield Operation("==", [Member(table, name, effect.origin), value], effect.origin)


def _terminals(log: list[Effect]) -> dict[int, set[str]]:
    """For each call's result the methods that are called on it, also through `.scalars()` and the like."""
    found: dict[int, set[str]] = {}
    for effect in reversed(log):
        call = effect.value
        if isinstance(call, Application) and isinstance(call.function, Member):
            methods = found.setdefault(id(call.function.of), set())
            methods.add(call.function.name)
            if id(call) in found:
                methods |= found[id(call)]
    return found


def _kind(statement: Statement, methods: set[str]) -> str:
    if statement.kind != "select":
        return statement.kind
    if statement.counts or "count" in methods:
        return "count"
    if "scalars" in methods and not methods & (_ONE - {"scalar"}):
        return "rows"
    return "row" if methods & _ONE else "rows"


def row_source(value: Value, results: Mapping[int, Query]) -> Query | None:
    """The query whose row, rows or column `value` is, following attributes, items and result methods."""
    for _ in range(40):
        found = results.get(id(value))
        if found is not None:
            return found
        match value:
            case Member(of=of) | Item(of=of):
                value = of
            case Application(function=Member(of=of)):
                value = of
            case _:
                return None
    return None


def any_source(value: Value, results: Mapping[int, Query]) -> Query | None:
    """The first query whose row the value may be, on whichever branch."""
    inner = value
    for _ in range(40):
        if isinstance(inner, Choice) or id(inner) in results:
            break
        if isinstance(inner, Member | Item):
            inner = inner.of
        elif isinstance(inner, Application) and isinstance(inner.function, Member):
            inner = inner.function.of
        else:
            break
    sources = (row_source(alternative.value, results) for alternative in alternatives(inner))
    return next((source for source in sources if source is not None), None)
