"""What a request does with the row of one query, and whether anything asked before if it is there."""

from __future__ import annotations

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
    Parametrized,
    Value,
)
from rules.project.annotations import is_none
from rules.project.isolation.comparisons import is_none as none_is
from rules.project.isolation.comparisons import presence
from rules.project.isolation.formulas import Proof, Prover, leaves
from rules.project.isolation.guards import Guards
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import argument_values, called_name, children, library_of

_ONE = frozenset(
    {
        "get", "first", "scalar", "one_or_none", "scalar_one_or_none", "fetchone", "fetch_one", "fetchrow",
        "fetch_val",
    }
)  # fmt: skip
RESULT_METHODS = _ONE | {"scalars", "unique", "mappings", "tuples"}
_NEEDS_ROW = {"delete": "deleted", "refresh": "read", "add": "written", "expunge": "read"}
_READS = frozenset({"model_validate", "from_orm", "parse_obj", "setattr", "vars"})
_UNIONS = frozenset({"typing.Union", "typing.Optional", "types.UnionType"})
_MOST_NODES = 300


@dataclass(slots=True)
class RowUses:
    """Looks for what is done with one query's row."""

    inspection: Inspection
    query: Query
    prover: Prover = field(init=False)
    _read_by: dict[int, bool] = field(default_factory=dict)
    _verdicts: dict[int, bool | None] = field(default_factory=dict)
    _asking: dict[int, bool] = field(default_factory=dict)
    _reading: dict[int, bool] = field(default_factory=dict)

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
        return any(
            self.guards.rows.is_made_of(self.query, test) and self._is_about(test)
            for test in self.inspection.run.log.tests
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
        known = self._read_by.get(id(conditions))
        if known is None:
            verdicts = (self._verdict(condition.test) for condition in conditions)
            known = self._read_by[id(conditions)] = next((v for v in verdicts if v is not None), False)
        return known

    def _verdict(self, test: Value) -> bool | None:
        """True where a test reads the row, False where it asks for it first, None where it does neither."""
        if id(test) not in self._verdicts:
            self._verdicts[id(test)] = self._judged(test)
        return self._verdicts[id(test)]

    def _judged(self, test: Value) -> bool | None:
        if not self.guards.rows.is_made_of(self.query, test):
            return None
        if self._is_about(test):
            return False
        return True if self._reads(test) else None

    def _is_about(self, test: Value) -> bool:
        """Whether a part of a test asks if the row is there."""
        known = self._asking.get(id(test))
        if known is None:
            known = self._asking[id(test)] = any(self._asks(leaf) for leaf in leaves(test))
        return known

    def _asks(self, leaf: Value) -> bool:
        for truth in (True, False):
            found = presence(leaf, truth=truth)
            if found is not None and self._is_row(found):
                return True
        return False

    def _reads(self, value: Value) -> bool:
        """Whether an attribute or item of the row is a part of the value, on a path that does not ask."""
        known = self._reading.get(id(value))
        if known is None:
            known = self._reading[id(value)] = self._contains_read(value)
        return known

    def _contains_read(self, value: Value) -> bool:
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
                a.value for a in node.alternatives if not any(self._is_about(c.test) for c in a.conditions)
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
