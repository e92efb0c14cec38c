"""SQL statements from terms: `select(T).join(P).where(…)`, `session.query(T).filter_by(…)`, `delete(T)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from rules.evaluation.values import (
    Application,
    Arguments,
    Choice,
    Condition,
    External,
    Member,
    Operation,
    Origin,
    Sequence,
    Value,
)
from rules.project.isolation.terms import argument_values, called_name, plain, receiver, walk

MAX_VARIANTS = 16
_ROOTS = {
    "select": "select",
    "exists": "select",
    "update": "update",
    "delete": "delete",
    "insert": "insert",
    "query": "select",
}
_FILTERS = frozenset({"where", "filter", "having", "filter_by"})
_JOINS = frozenset({"join", "outerjoin", "join_from", "select_from", "leftjoin", "innerjoin"})
_SAME = frozenset(
    {
        "options", "order_by", "limit", "offset", "distinct", "group_by", "with_for_update",
        "execution_options", "enable_eagerloads",
        "subquery", "cte", "alias", "scalar_subquery", "returning", "values", "on_conflict_do_update",
        "on_conflict_do_nothing", "slice", "add_columns", "with_only_columns", "with_entities", "correlate",
        "unique", "params", "prefix_with", "populate_existing", "exists", "as_scalar", "label",
        "with_loader_criteria", "reset_joinpoint", "outer", "correlate_except", "set_label_style",
    }
)  # fmt: skip
IsTable = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement: `tables` it is about, `joined` ones, and `filters` that all hold for its rows.

    `root` is the call that it begins with.
    """

    kind: str
    tables: tuple[Value, ...]
    root: Origin
    joined: tuple[Value, ...] = ()
    filters: tuple[Value, ...] = ()
    counts: bool = False
    limited: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """A statement and what was assumed where it was put together."""

    statement: Statement
    conditions: tuple[Condition, ...] = ()


@dataclass(slots=True)
class StatementReader:
    """Reads statement terms; `is_table` tells a mapped class or `Table(…)` from other values."""

    is_table: IsTable
    _known: dict[int, tuple[Value, tuple[Variant, ...]]] = field(default_factory=dict)

    def read(self, value: Value) -> tuple[Variant, ...]:
        """The statements that `value` may be; empty where it is none."""
        found = self._known.get(id(value))
        if found is None:
            self._known[id(value)] = (value, ())
            found = self._known[id(value)] = (value, tuple(self._read(value))[:MAX_VARIANTS])
        return found[1]

    def _read(self, value: Value) -> Iterator[Variant]:
        if isinstance(value, Choice):
            for alternative in value.alternatives:
                for variant in self.read(alternative.value):
                    yield Variant(variant.statement, alternative.conditions + variant.conditions)
            return
        if isinstance(value, Member) and value.name == "query" and self.is_table(value.of):
            yield Variant(Statement("select", (value.of,), value.origin))
        if not isinstance(value, Application):
            return
        root = self._root(value)
        if root is not None:
            yield from root
            return
        of = receiver(value)
        for variant in self.read(of) if of is not None else ():
            grown = self._grow(variant.statement, called_name(value), value.arguments, value.origin)
            if grown is not None:
                yield from _by_condition(Variant(grown, variant.conditions))

    def _root(self, value: Application) -> list[Variant] | None:
        kind = _ROOTS.get(called_name(value))
        of = receiver(value)
        if kind is None or (of is not None and self.read(of)):
            return None
        if of is not None and self.is_table(of):
            return [Variant(Statement(kind, (of,), value.origin))]
        if of is None and not isinstance(value.function, External):
            return None
        if kind != "select" and not any(self.entity(a) for a in value.arguments.positional):
            return None
        return self._selection(kind, value)

    def _selection(self, kind: str, call: Application) -> list[Variant]:
        arguments = call.arguments
        tables: list[Value] = []
        counts = False
        nested: list[Variant] = []
        for argument in _spread(arguments.positional):
            counts = counts or called_name(plain(argument)) in {"count", "sum", "avg", "max", "min"}
            table = self.entity(argument)
            if table is not None and table not in tables:
                tables.append(table)
            elif table is None:
                nested.extend(self._inner(argument))
        plain_statement = Statement(
            kind, tuple(tables), call.origin, counts=counts, is_open=arguments.is_open
        )
        if not nested:
            return [Variant(plain_statement)]
        return [Variant(merge(plain_statement, v.statement), v.conditions) for v in nested]

    def _inner(self, argument: Value) -> tuple[Variant, ...]:
        for node in walk(argument, stop=lambda v: bool(self.read(v))):
            found = self.read(node)
            if found:
                return found
        return ()

    def _grow(
        self, statement: Statement, name: str, arguments: Arguments, origin: Origin
    ) -> Statement | None:
        if name == "filter_by":
            last = (statement.joined or statement.tables or (None,))[-1]
            filters = tuple(_keyword_filters(last, arguments, origin))
            return replace(statement, filters=statement.filters + filters)
        if name in _FILTERS:
            filters = tuple(_spread(arguments.positional))
            open_ = statement.is_open or arguments.is_open
            return replace(statement, filters=statement.filters + filters, is_open=open_)
        if name in _JOINS:
            return self._join(statement, name, arguments)
        if name == "with_parent":
            return replace(statement, filters=(*statement.filters, *arguments.positional))
        if name in _SAME:
            return replace(statement, limited=statement.limited or name in {"limit", "slice"})
        return None

    def _join(self, statement: Statement, name: str, arguments: Arguments) -> Statement:
        values = _spread(argument_values(arguments))
        found = [t for v in values if (t := self.entity(v)) is not None]
        criteria = tuple(v for v in values if isinstance(v, Operation))
        nested = next((inner for v in values if (inner := self._inner(v))), ())
        if nested:
            statement = merge(statement, nested[0].statement)
        if name == "select_from" and not statement.tables:
            return replace(statement, tables=tuple(found), filters=statement.filters + criteria)
        kept = criteria if name in {"join", "join_from", "innerjoin"} else ()
        return replace(statement, joined=(*statement.joined, *found), filters=statement.filters + kept)

    def entity(self, value: Value) -> Value | None:
        """The table that a selected thing belongs to: `T`, `T.c`, `aliased(T)`, `func.count(T.id)`."""
        for _ in range(12):
            value = plain(value)
            if self.is_table(value):
                return value
            if isinstance(value, Member):
                value = value.of
            elif isinstance(value, Application) and called_name(value) in _ENTITY_CALLS:
                if not value.arguments.positional:
                    return None
                value = value.arguments.positional[0]
            elif isinstance(value, Application) and isinstance(value.function, Member):
                value = value.function.of
            else:
                return None
        return None


def _by_condition(variant: Variant) -> Iterator[Variant]:
    """A criterion that was collected on one path alone is missing on the others: one variant without each."""
    statement = variant.statement
    yield variant
    for position, criterion in enumerate(statement.filters[:MAX_VARIANTS]):
        if isinstance(criterion, Choice) and len(criterion.alternatives) == 1:
            [only] = criterion.alternatives
            terms = [
                c.test if not c.negated else Operation("not", [c.test], c.origin) for c in only.conditions
            ]
            if terms:
                absent = Condition(
                    test=Operation("and", terms, statement.root), negated=True, origin=statement.root
                )
                left = statement.filters[:position] + statement.filters[position + 1 :]
                yield Variant(replace(statement, filters=left), (*variant.conditions, absent))


_ENTITY_CALLS = frozenset(
    {"aliased", "count", "distinct", "sum", "max", "min", "avg", "Bundle", "with_polymorphic"}
)


def merge(outer: Statement, inner: Statement) -> Statement:
    """A statement over a subquery: the subquery's tables and filters hold for it too, each once."""
    return replace(
        outer,
        tables=_with(outer.tables, inner.tables),
        joined=_with(outer.joined, inner.joined),
        filters=_with(outer.filters, inner.filters),
        is_open=outer.is_open or inner.is_open,
    )


def _with(held: tuple[Value, ...], more: tuple[Value, ...]) -> tuple[Value, ...]:
    """Statements that are joined with what they were made from would otherwise double at each step."""
    known = {id(value) for value in held}
    return held + tuple(value for value in more if id(value) not in known)


def _spread(values: list[Value]) -> list[Value]:
    spread: list[Value] = []
    for value in values:
        spread.extend(value.items if isinstance(value, Sequence) else [value])
    return spread


def _keyword_filters(table: Value | None, arguments: Arguments, origin: Origin) -> Iterator[Value]:
    for name, value in arguments.keywords.items():
        if table is not None:
            yield Operation("==", [Member(table, name, origin), value], origin)
