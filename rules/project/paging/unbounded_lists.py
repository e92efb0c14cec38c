"""Lists of rows that a GET gives without any bound on their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Const,
    Dictionary,
    Instance,
    Item,
    Member,
    Operation,
    Sequence,
    Value,
)
from rules.project.isolation.comparisons import comparison
from rules.project.isolation.formulas import leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query
from rules.project.isolation.statements import Statement
from rules.project.isolation.terms import called_name, children, receiver, walk
from rules.project.routing.routes import Route

_SAME_ROWS = frozenset(
    {
        "all", "scalars", "unique", "fetchall", "mappings", "list", "tuple", "set", "sorted", "reversed",
        "jsonable_encoder", "to_list", "partitions", "yield_per",
    }
)  # fmt: skip
_BOUNDS = frozenset({"limit", "slice", "fetch", "fetchmany", "islice", "head", "top"})
_AGGREGATES = frozenset({"group_by", "distinct", "count", "sum", "max", "min", "avg"})
_VALIDATES = frozenset({"model_validate", "from_orm", "parse_obj"})
_MAX_NODES = 400


@dataclass(frozen=True, slots=True, eq=False)
class UnboundedList:
    """A query whose rows all go to the client. `filtered` where some criterion narrows them down."""

    inspection: Inspection
    query: Query
    table: Value
    filtered: bool

    @property
    def route(self) -> Route:
        """The route."""
        return self.inspection.route


def unbounded_lists(inspection: Inspection) -> Iterator[UnboundedList]:
    """The lists of one route, each table once."""
    route = inspection.route
    value = inspection.run.handler.value
    if route.kind != "api" or "GET" not in route.methods or value is None:
        return
    queries = {id(q.result): q for q in inspection.guards.queries if _is_unbounded(q)}
    seen: set[int] = set()
    for query in _given(value, queries) if queries else ():
        statement = query.variants[0].statement
        table = statement.tables[0]
        if id(table) not in seen:
            seen.add(id(table))
            yield UnboundedList(inspection, query, table, bool(statement.filters))


def written_classes(inspections: Iterable[Inspection]) -> frozenset[int]:
    """The classes of which requests make instances, by identity: their tables grow with use."""
    return frozenset(
        id(cls)
        for inspection in inspections
        for effect in inspection.run.log.effects
        if effect.kind == "call" and (cls := _made_class(effect.value)) is not None
    )


def _made_class(value: Value) -> Value | None:
    if isinstance(value, Instance):
        return value.cls
    return receiver(value) if called_name(value) in _VALIDATES else None


def _is_unbounded(query: Query) -> bool:
    if query.kind != "rows" or not query.tables or "paginate" in called_name(query.result):
        return False
    statements = [variant.statement for variant in query.variants]
    if any(s.limited or s.counts or s.kind != "select" or s.is_open for s in statements):
        return False
    if any(_picks(s) for s in statements):
        return False
    return not any(
        isinstance(node, Application) and called_name(node) in _BOUNDS | _AGGREGATES
        for node in walk(query.result)
    )


def _picks(statement: Statement) -> bool:
    """Whether a key picks the rows one by one: `id == x`, `id.in_(ids)`."""
    for criterion in statement.filters:
        for leaf in leaves(criterion):
            found = comparison(leaf, truth=True)
            if found is None or not found.equal:
                continue
            for side in (found.left, found.right):
                if isinstance(side, Member) and side.of in statement.tables and side.name in {"id", "uuid"}:
                    return True
    return False


def _given(value: Value, queries: dict[int, Query]) -> Iterator[Query]:
    """The queries all of whose rows are in a value, and not only something computed from them."""
    pending: list[Value] = [value]
    seen: set[int] = set()
    while pending and len(seen) < _MAX_NODES:
        node = pending.pop()
        if id(node) in seen or isinstance(node, Const | Operation):
            continue
        seen.add(id(node))
        query = _all_rows(node, queries)
        if query is not None:
            yield query
        elif isinstance(node, Choice | Sequence | Dictionary | Instance):
            pending.extend(children(node))
        elif isinstance(node, Application) and _makes_a_model(node):
            pending.extend([*node.arguments.positional, *node.arguments.keywords.values()])


def _makes_a_model(call: Application) -> bool:
    """Whether a call builds an answer of what it is given: a generic model, `model_validate`, a response."""
    name = called_name(call)
    return name in _VALIDATES or name[:1].isupper() or isinstance(call.function, ClassValue)


def _all_rows(value: Value, queries: dict[int, Query]) -> Query | None:
    """The query of which a value holds every row: its result, a list of it, each of its items."""
    for _ in range(12):
        found = queries.get(id(value))
        if found is not None:
            return found
        if isinstance(value, Application) and called_name(value) in _SAME_ROWS:
            if isinstance(value.function, Member):
                value = value.function.of
            elif value.arguments.positional:
                value = value.arguments.positional[0]
            else:
                return None
        elif isinstance(value, Member) or (isinstance(value, Item) and value.key is None):
            value = value.of
        else:
            return None
    return None
