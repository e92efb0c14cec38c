"""The guards of a query: whether its rows are the principal's on every path that reaches a moment.

G1 owner in the statement, G2 check after the fetch, G3 helper that receives principal and row, G4 owned
dependency, G5 traversal from the principal, G6 client key compared with the principal, G7 rows filtered by
the session, G8 rows open to everyone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Application,
    Choice,
    Const,
    Dictionary,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.comparisons import comparison, presence
from rules.project.isolation.formulas import Proof, Prover
from rules.project.isolation.paths import Log, Moment, contradicts
from rules.project.isolation.privileges import privileged
from rules.project.isolation.provenance import Provenances
from rules.project.isolation.public_rows import open_to_everyone
from rules.project.isolation.queries import Query
from rules.project.isolation.rows import Rows, same_path
from rules.project.isolation.statements import Statement, StatementReader, Variant
from rules.project.isolation.terms import argument_values, called_name, plain, receiver, walk

_DEPTH = 4
_STEPS = 2_000
SEARCHED = (
    "owner column in the query",
    "owner check after the fetch",
    "helper that receives the principal",
    "owned dependency",
    "traversal from the principal",
    "client key compared with the principal",
    "row filter of the session",
    "public rows",
)


@dataclass(slots=True)
class Guards:
    """Judges the queries of one run."""

    log: Log
    rows: Rows
    exhausted: bool = False
    _visiting: list[int] = field(default_factory=list)
    _known: dict[tuple[object, ...], Proof] = field(default_factory=dict)
    _steps: int = 0

    @property
    def queries(self) -> list[Query]:
        """The run's queries."""
        return self.rows.queries

    @property
    def statements(self) -> StatementReader:
        """The reader of statements."""
        return self.rows.statements

    @property
    def provenances(self) -> Provenances:
        """Who chose what."""
        return self.rows.provenances

    def source(self, value: Value) -> Query | None:
        """The query that a value is a row, rows or column of."""
        return self.rows.source(value)

    def guarded(self, query: Query, moment: Moment) -> Proof:
        """Whether at `moment` the rows of `query` are the principal's, on every variant of its statement."""
        if id(query) in self._visiting or len(self._visiting) > _DEPTH:
            return Proof.NONE
        if self.exhausted:
            return Proof.HELPER
        key = (id(query), moment.position, *(id(c) for c in moment.conditions), "in", *self._visiting)
        found = self._known.get(key)
        if found is None:
            self._visiting.append(id(query))
            try:
                found = self._known[key] = self._judge(query, moment)
            finally:
                self._visiting.pop()
        return found

    def _judge(self, query: Query, moment: Moment) -> Proof:
        if self._session_is_scoped(query):
            return Proof.FULL
        after = moment.proves(lambda test, truth: self._leaf(query, None, test, moment, truth=truth))
        if after is Proof.FULL:
            return after
        inside = min(self.variant_proof(query, variant, moment) for variant in query.variants)
        return inside if inside is Proof.FULL else max(after, inside, self._admitted(query, moment))

    def _admitted(self, query: Query, moment: Moment) -> Proof:
        """A membership or grant that was found by the same key and belongs to the principal."""
        best = Proof.NONE
        for other in self.queries:
            if other.position >= moment.position or id(other) in self._visiting:
                continue
            shared = any(self.rows.selects(other, value) for value in self.rows.keys(query))
            if (shared or self.rows.follows(other, query)) and self.present(other, moment):
                best = max(best, self.guarded(other, moment))
        return best

    def variant_proof(self, query: Query, variant: Variant, moment: Moment) -> Proof:
        """What guards one variant of the query's statement."""
        if contradicts(variant.conditions, query.effect.conditions):
            return Proof.FULL
        there = Moment(query.position, (*moment.conditions, *variant.conditions), moment.refusals)
        extra = Moment(moment.position, variant.conditions)
        best = extra.proves(
            lambda test, truth: self._leaf(query, variant.statement, test, there, truth=truth)
        )
        return max(best, self.criteria(query, variant.statement, there))

    def criteria(self, query: Query | None, statement: Statement, moment: Moment) -> Proof:
        """What a statement's own criteria prove about its rows."""
        prover = Prover(lambda test, truth: self._leaf(query, statement, test, moment, truth=truth))
        return max(
            (prover.prove(criterion, truth=True) for criterion in statement.filters), default=Proof.NONE
        )

    def _session_is_scoped(self, query: Query) -> bool:
        session = receiver(query.result)
        while isinstance(session, Application) and isinstance(session.function, Member):
            session = session.function.of
        if session is None or self.statements.read(session):
            return False
        return self.provenances.mentions_identity(session) and not self.provenances.clients(session)

    def _leaf(
        self, query: Query | None, statement: Statement | None, test: Value, moment: Moment, *, truth: bool
    ) -> Proof:
        if not self._step():
            return Proof.HELPER
        if privileged(test, self.provenances, truth=truth):
            return Proof.FULL
        if open_to_everyone(self.rows, query, statement, test, truth=truth):
            return Proof.FULL
        found = comparison(test, truth=truth)
        if found is not None:
            if not found.equal:
                return Proof.NONE
            proofs = [self._tie(query, statement, left, right, moment) for left, right in found.sides()]
            return max(proofs)
        if truth and self._is_traversal(statement, test):
            return Proof.FULL
        return self._helper(query, test)

    def _tie(
        self, query: Query | None, statement: Statement | None, left: Value, right: Value, moment: Moment
    ) -> Proof:
        if query is not None and self.provenances.is_principal(right) and self.rows.is_key(query, left):
            return Proof.FULL
        return self.trusted(right, moment) if self.rows.concerns(query, statement, left) else Proof.NONE

    def trusted(self, value: Value, moment: Moment) -> Proof:
        """Whether a value can only be one that belongs to the principal."""
        value = plain(value)
        if isinstance(value, Const) or len(self._visiting) > _DEPTH:
            return Proof.NONE
        query = None if isinstance(value, Choice) else self.source(value)
        if query is not None:
            return self.guarded(query, moment)
        if self.provenances.is_principal(value):
            return Proof.FULL
        variants = self.statements.read(value)
        if variants:
            return min(self.criteria(None, v.statement, moment) for v in variants)
        if isinstance(value, Choice):
            return min(self.trusted(alternative.value, moment) for alternative in value.alternatives)
        if isinstance(value, Sequence) and value.items:
            return min(self.trusted(item, moment) for item in value.items)
        if self.provenances.clients(value):
            return self._verified_key(value, moment)
        return self._all_parts(value, moment)

    def _all_parts(self, value: Value, moment: Moment) -> Proof:
        """A value computed from rows alone is as trusted as the rows."""
        sources = {id(q): q for node in walk(value) if (q := self.rows.results.get(id(node))) is not None}
        if not sources or isinstance(value, Dictionary):
            return Proof.NONE
        return min(self.guarded(query, moment) for query in sources.values())

    def _verified_key(self, value: Value, moment: Moment) -> Proof:
        """A key is trusted where it was compared with the principal (G6), or names a guarded parent."""

        def equal_to_principal(test: Value, /, *, truth: bool) -> Proof:
            found = comparison(test, truth=truth)
            if found is None or not found.equal:
                return Proof.FULL if privileged(test, self.provenances, truth=truth) else Proof.NONE
            hit = any(
                same_path(left, value) and self.provenances.is_principal(right)
                for left, right in found.sides()
            )
            return Proof.FULL if hit else Proof.NONE

        key = (id(value), moment.position, *(id(c) for c in moment.conditions))
        if key not in self._known:
            self._known[key] = moment.proves(equal_to_principal)
        best = self._known[key]
        for query in self.queries:
            if best is Proof.FULL or query.position >= moment.position:
                break
            if (
                id(query) not in self._visiting
                and self.rows.is_key(query, value)
                and self.present(query, moment)
            ):
                best = max(best, self.guarded(query, moment))
        return best

    def present(self, query: Query, moment: Moment) -> bool:
        """Whether a row was found: it was tested, an attribute of it was read, or the call would raise."""
        if self.exhausted:
            return False
        key = ("present", id(query), moment.position, *(id(c) for c in moment.conditions))
        if key not in self._known:
            self._known[key] = moment.proves(lambda test, truth: self._presence(query, test, truth=truth))
        return query.certain or self._known[key] is Proof.FULL

    def _step(self) -> bool:
        self._steps += 1
        self.exhausted = self.exhausted or self._steps > _STEPS
        return not self.exhausted

    def _presence(self, query: Query, test: Value, *, truth: bool) -> Proof:
        if not self._step():
            return Proof.NONE
        found = presence(test, truth=truth)
        if found is not None and self.rows.of_row(query, found):
            return Proof.FULL
        return Proof.FULL if id(query) in self.rows.rows_read(test) else Proof.NONE

    def _is_traversal(self, statement: Statement | None, test: Value) -> bool:
        """`T.owner.has(User.id == me)`, `T.members.any(…)`, `with_parent(me, …)`, `exists().where(…)`."""
        variants = self.statements.read(test)
        if variants:
            moment = Moment(10**9, ())
            return all(self.criteria(None, v.statement, moment) is Proof.FULL for v in variants)
        if not isinstance(test, Application):
            return self.provenances.is_principal(test) and statement is not None
        if called_name(test) not in {"has", "any", "contains", "with_parent", "overlap", "contained_by"}:
            return False
        return any(self.provenances.mentions_identity(a) for a in argument_values(test.arguments))

    def _helper(self, query: Query | None, test: Value) -> Proof:
        """An opaque call that was given both the row (or its key) and the principal and then decided."""
        if query is None or not isinstance(test, Application | Item | Member | Operation):
            return Proof.NONE
        row = any(node is query.result for node in walk(test)) or self._keys_in(query, test)
        if row and self.provenances.mentions_identity(test):
            return Proof.HELPER
        return Proof.NONE

    def _keys_in(self, query: Query, test: Value) -> bool:
        return any(self.rows.is_key(query, node) for node in walk(test) if isinstance(node, Symbol | Member))

    def opaque_check(self, query: Query, moment: Moment) -> bool:
        """Whether an opaque call before `moment` got row or key and principal, and may have refused (G3)."""
        for effect in self.log.effects[: moment.position]:
            call = effect.value
            if effect.kind != "call" or not isinstance(call, Application) or id(call) in self.rows.results:
                continue
            if self.statements.read(call) or _harmless(call):
                continue
            arguments = argument_values(call.arguments)
            of = receiver(call)
            given = [*arguments, of] if of is not None else arguments
            has_row = any(self.rows.of_row(query, a) or self.rows.is_key(query, a) for a in given)
            if has_row and any(
                self.provenances.is_principal(a) and not self.rows.of_row(query, a) for a in given
            ):
                return True
        return False


_HARMLESS = re.compile(
    r"^(info|debug|warning|error|exception|critical|log|print|add|refresh|commit|flush|where|filter|filter_by|"
    r"get|exec|execute|format|append|emit|track|capture|publish|audit|record|bind|str|len|isinstance|model_validate)$"
)


def _harmless(call: Application) -> bool:
    return _HARMLESS.match(called_name(call)) is not None
