"""Rows that a request looks up by a key of the client and then uses, found or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Application,
    Choice,
    Condition,
    Effect,
    External,
    Item,
    Member,
    Operation,
    Origin,
    Parametrized,
    Value,
)
from rules.project.annotations import is_none
from rules.project.failures.catching import Catching
from rules.project.isolation.comparisons import is_none as none_is
from rules.project.isolation.comparisons import presence
from rules.project.isolation.formulas import Proof, Prover, leaves
from rules.project.isolation.guards import Guards
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import argument_values, called_name, children, library_of, walk
from rules.project.responses.asked_names import is_asked
from rules.project.schema.tables import Table, Tables
from rules.project.sessions.row_writes import Change, row_writes

_ONE = frozenset(
    {
        "get", "first", "scalar", "one_or_none", "scalar_one_or_none", "fetchone", "fetch_one", "fetchrow",
        "fetch_val",
    }
)  # fmt: skip
RESULT_METHODS = _ONE | {"scalars", "unique", "mappings", "tuples"}
_NEEDS_ROW = {"delete": "deleted", "refresh": "read", "add": "written", "expunge": "read"}
_READS = frozenset({"model_validate", "from_orm", "parse_obj", "setattr", "vars"})
_AGGREGATES = frozenset({"count", "sum", "max", "min", "avg", "exists"})
_UNIONS = frozenset({"typing.Union", "typing.Optional", "types.UnionType"})
_MOST_NODES = 300


@dataclass(frozen=True, slots=True, eq=False)
class MissingRow:
    """A use of a row that may not be there: it is `read`, `written`, `deleted` or `returned`.

    `site` is the query, or the call that leads to it, in the function of the use; `by_claim` where only the
    client's token names the row.
    """

    inspection: Inspection
    query: Query
    table: Table
    use: Effect
    way: str
    site: Origin
    by_claim: bool


def missing_rows(inspection: Inspection, tables: Tables, catching: Catching) -> Iterator[MissingRow]:
    """The first unchecked use of each row that the client's key selects."""
    if inspection.route.kind != "api":
        return
    for query in inspection.guards.queries:
        table = tables.of_class(query.tables[0]) if query.tables else None
        if table is None or not _is_lookup(inspection, query) or is_asked(catching.frames, query.effect):
            continue
        uses = _Uses(inspection, query)
        found = None if _may_be_known(inspection, tables, query, table) else uses.first()
        if found is None or catching.is_caught(found[0], External("builtins.AttributeError")):
            continue
        if not uses.is_ever_tested():
            use, way = found
            by_claim = not inspection.guards.rows.keys(query)
            yield MissingRow(inspection, query, table, use, way, _site(query.effect, use), by_claim)


def _is_lookup(inspection: Inspection, query: Query) -> bool:
    """Whether the query gives one row, or None, by a key of the client; aggregates always give one."""
    if query.kind != "row" or query.certain:
        return False
    if not inspection.guards.rows.keys(query) and not _is_by_claim(inspection, query):
        return False
    return not any(called_name(node) in _AGGREGATES for node in walk(query.result))


def _is_by_claim(inspection: Inspection, query: Query) -> bool:
    """Whether a claim of the client's token selects the row: of an account that may have gone since."""
    rows, provenances = inspection.guards.rows, inspection.run.provenances
    for variant in query.variants:
        for leaf in (leaf for criterion in variant.statement.filters for leaf in leaves(criterion)):
            found = rows.comparison(leaf, truth=True)
            if found is None or not found.equal:
                continue
            for side in (found.left, found.right):
                if provenances.is_presented(side) and rows.source(side) is None:
                    return True
    return False


def _site(query: Effect, use: Effect) -> Origin:
    chain = (*query.stack[1:], query.origin)
    return chain[min(len(use.stack), len(chain)) - 1] if use.stack else query.origin


def _may_be_known(inspection: Inspection, tables: Tables, query: Query, table: Table) -> bool:
    """Whether the request itself added a row before, or asked by all the same keys.

    That may have been another table, whose rows refer to this one's.
    """
    rows = inspection.guards.rows
    keys = rows.keys(query)
    before = (q for q in inspection.guards.queries if q.position < query.position and q.tables)
    near = [q for q in before if q.kind in {"row", "count"} or tables.of_class(q.tables[0]) is table]
    asked = bool(keys) and all(any(rows.selects(other, key) for other in near) for key in keys)
    return asked or any(
        write.change is Change.ADDS and write.table is table and write.position < query.position
        for write in row_writes(inspection, tables)
    )


@dataclass(slots=True)
class _Uses:
    """Looks for what is done with one query's row."""

    inspection: Inspection
    query: Query
    prover: Prover = field(init=False)

    def __post_init__(self) -> None:
        self.prover = Prover(self._present)

    @property
    def guards(self) -> Guards:
        return self.inspection.guards

    def first(self) -> tuple[Effect, str] | None:
        """The first use that needs the row, and nothing before it shows that it is there."""
        log = self.inspection.run.log
        for position in range(self.query.position + 1, len(log.effects)):
            effect = log.effects[position]
            if self._is_asked(effect):
                return None
            way = self._way(position, effect)
            if way and not self._is_present(position):
                return effect, way
        return None

    def is_ever_tested(self) -> bool:
        """Whether any path of the request depends on whether the row is there, here or elsewhere."""
        tests = {id(c.test): c.test for e in self.inspection.run.log.effects for c in e.conditions}
        return any(
            self._asks(leaf)
            for test in tests.values()
            if self.guards.rows.is_made_of(self.query, test)
            for leaf in leaves(test)
        )

    def _present(self, test: Value, /, *, truth: bool) -> Proof:
        found = presence(test, truth=truth)
        if found is not None and self.guards.rows.of_row(self.query, found):
            return Proof.FULL
        compared = self.guards.rows.comparison(test, truth=truth)
        if compared is not None and compared.equal and any(self._is_row(s) for s, _ in compared.sides()):
            return Proof.NONE if none_is(compared.left) or none_is(compared.right) else Proof.FULL
        opaque = isinstance(test, Application) and self.guards.rows.is_made_of(self.query, test)
        return Proof.FULL if opaque else Proof.NONE

    def _is_present(self, position: int) -> bool:
        held = self.inspection.run.log.moment(position).held
        if held.evidence(self.prover, self.guards.relevance.of(self.query)) is Proof.FULL:
            return True
        return any(self._is_chosen(condition) for condition in held.conditions)

    def _is_chosen(self, condition: Condition) -> bool:
        """Whether a test that is about several rows, by what came before, shows that this one is there."""
        return isinstance(condition.test, Choice) and any(
            self.prover.prove(choice.value, truth=not condition.negated) is Proof.FULL
            for choice in condition.test.alternatives
        )

    def _is_asked(self, effect: Effect) -> bool:
        """Whether something outside the project gets the row, and may refuse if there is none."""
        call = effect.value
        if effect.kind != "call" or not isinstance(call, Application) or called_name(call) in _READS:
            return False
        if called_name(call) in _NEEDS_ROW or not isinstance(call.function, External | Member):
            return False
        asks = library_of(call.function) not in {"sqlalchemy", "sqlmodel"}
        return asks and any(self._is_row(value) for value in argument_values(call.arguments))

    def _way(self, position: int, effect: Effect) -> str:
        if effect.kind == "set" and effect.target is not None and self._is_row(effect.target):
            return "written"
        if self._is_read_by(effect.conditions):
            return "read"
        if not self.guards.rows.is_made_of(self.query, effect.value):
            return ""
        if effect.kind == "return" and self.inspection.run.log.is_response(position):
            return self._given(effect.value)
        return self._called(effect) if effect.kind == "call" else ""

    def _called(self, effect: Effect) -> str:
        call = effect.value
        if not isinstance(call, Application):
            return "read" if self._reads(call) else ""
        name = called_name(call)
        given = any(self._is_row(value) for value in argument_values(call.arguments))
        if given and name in _NEEDS_ROW:
            return _NEEDS_ROW[name]
        return "read" if (given and name in _READS) or self._reads(call) else ""

    def _given(self, value: Value) -> str:
        """What an answer does with the row: the answer is the row itself, or something read of it."""
        if self._is_row(value):
            response = self.inspection.route.response_type
            return "" if response is None or _takes_none(response) else "returned"
        return "read" if self._reads(value) else ""

    def _is_read_by(self, conditions: tuple[Condition, ...]) -> bool:
        """Whether a test reads the row without asking first if it is there."""
        for condition in conditions:
            test = condition.test
            if not self.guards.rows.is_made_of(self.query, test):
                continue
            if any(self._asks(leaf) for leaf in leaves(test)):
                return False
            if self._reads(test):
                return True
        return False

    def _asks(self, leaf: Value) -> bool:
        for truth in (True, False):
            found = presence(leaf, truth=truth)
            if found is not None and self._is_row(found):
                return True
        return False

    def _reads(self, value: Value) -> bool:
        """Whether an attribute or item of the row is a part of the value, on a path that does not ask."""
        pending, seen = [value], {id(value)}
        while pending and len(seen) < _MOST_NODES:
            node = pending.pop()
            if isinstance(node, Member | Item) and self._is_row(node.of):
                return True
            for child in self._parts(node):
                if id(child) not in seen and self.guards.rows.is_made_of(self.query, child):
                    seen.add(id(child))
                    pending.append(child)
        return False

    def _parts(self, node: Value) -> list[Value]:
        if node is self.query.result or self._is_row(node):
            return []
        if isinstance(node, Choice):
            return [
                a.value
                for a in node.alternatives
                if not any(self._asks(leaf) for c in a.conditions for leaf in leaves(c.test))
            ]
        if isinstance(node, Operation) and any(self._asks(operand) for operand in node.operands):
            return []
        return children(node)

    def _is_row(self, value: Value) -> bool:
        """Whether a value is the row itself or None, and nothing made of it."""
        one = False
        for _ in range(8):
            name = called_name(value)
            one = one or name in _ONE
            if value is self.query.result:
                return one
            if name not in RESULT_METHODS or not isinstance(value, Application):
                return False
            if not isinstance(value.function, Member):
                return False
            value = value.function.of
        return False


def _takes_none(response: Value) -> bool:
    """Whether a response model allows None, or nothing is known of it."""
    if isinstance(response, Parametrized):
        name = response.base.name if isinstance(response.base, External) else ""
        return name in _UNIONS and (
            name.endswith("Optional") or any(is_none(a) or _takes_none(a) for a in response.arguments)
        )
    return is_none(response) or (isinstance(response, External) and response.name == "typing.Any")
