"""The guards of a query: whether its rows are the principal's on every path that reaches a moment.

G1 owner in the statement, G2 check after the fetch, G3 helper that receives principal and row, G4 owned
dependency, G5 traversal from the principal, G6 client key compared, G7 session's row filter, G8 public rows.
"""

from __future__ import annotations

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
    Value,
)
from rules.project.isolation.comparisons import presence
from rules.project.isolation.formulas import Evidence, Leaf, Pending, Proof, Prover, joined, nobody, settled
from rules.project.isolation.judgements import Judgements
from rules.project.isolation.opaque_checks import Asked, asked, opaque_check
from rules.project.isolation.paths import NOTHING_HELD, Log, Moment, contradicts
from rules.project.isolation.privileges import privileged
from rules.project.isolation.provenance import Provenances
from rules.project.isolation.public_rows import open_to_everyone
from rules.project.isolation.queries import Query
from rules.project.isolation.relevance import Relevance
from rules.project.isolation.rows import Rows, same_path
from rules.project.isolation.statements import Statement, StatementReader, Variant
from rules.project.isolation.terms import argument_values, called_name, plain, receiver, walk

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
    """Judges the queries of one run; where it does not count, a privileged caller is as any other."""

    log: Log
    rows: Rows
    counts_privilege: bool = True
    relevance: Relevance = field(init=False)
    judgements: Judgements = field(default_factory=Judgements)
    _provers: dict[tuple[object, ...], tuple[object, Prover]] = field(default_factory=dict)
    _privileged: dict[tuple[int, bool], bool] = field(default_factory=dict)
    _sources: dict[int, list[Query]] = field(default_factory=dict)
    _related: dict[int, list[Query]] = field(default_factory=dict)
    _asked: list[Asked] | None = None

    def __post_init__(self) -> None:
        self.relevance = Relevance(self.log, self.rows)

    @property
    def exhausted(self) -> bool:
        """Whether there was too much to judge: what was not judged counts as checked by a helper."""
        return self.judgements.exhausted

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
        return self.judgements.of(
            (id(query), moment.position, id(moment.held)), lambda: self._judge(query, moment)
        )

    def _judge(self, query: Query, moment: Moment) -> Proof:
        if self._session_is_scoped(query):
            return Proof.FULL
        evidence = moment.held.evidence(self._prover(query, None), self.relevance.of(query))
        after = settled(evidence, lambda value: self.trusted(value, moment))
        if after is Proof.FULL:
            return after
        inside = min(self.variant_proof(query, variant, moment) for variant in query.variants)
        return inside if inside is Proof.FULL else max(after, inside, self._admitted(query, moment))

    def _prover(self, query: Query | None, statement: Statement | None) -> Prover:
        """What tests prove about a query's rows, or those of a statement."""
        return self._remembered(
            "rows",
            (query, statement),
            lambda test, truth: self._leaf(query, statement, test, truth=truth),
        )

    def _remembered(self, kind: str, about: tuple[object, ...], leaf: Leaf) -> Prover:
        key = (kind, *(id(part) for part in about))
        found = self._provers.get(key)
        if found is None:
            found = self._provers[key] = (about, Prover(leaf))
        return found[1]

    def _admitted(self, query: Query, moment: Moment) -> Proof:
        """A membership or grant that was found by the same key and belongs to the principal."""
        best = Proof.NONE
        for other in self._relatives(query):
            if best is Proof.FULL:
                break
            if other is not query and other.position < moment.position and self.present(other, moment):
                best = max(best, self.guarded(other, moment))
        return best

    def _relatives(self, query: Query) -> list[Query]:
        """The other queries that were sent with a key of this one, or for its rows."""
        found = self._related.get(id(query))
        if found is None:
            keys = self.rows.keys(query)
            found = self._related[id(query)] = [
                other
                for other in self.queries
                if any(self.rows.selects(other, value) for value in keys) or self.rows.follows(other, query)
            ]
        return found

    def variant_proof(self, query: Query, variant: Variant, moment: Moment) -> Proof:
        """What guards one variant of the query's statement."""
        if contradicts(variant.conditions, query.effect.conditions):
            return Proof.FULL
        there = Moment(query.position, moment.held.assuming(variant.conditions))
        extra = NOTHING_HELD.assuming(variant.conditions)
        evidence = joined(extra.pieces(self._prover(query, variant.statement)), best=True)
        best = settled(evidence, lambda value: self.trusted(value, there))
        return max(best, self._criteria(query, variant.statement, there))

    def _criteria(self, query: Query | None, statement: Statement, moment: Moment) -> Proof:
        """What a statement's own criteria prove about its rows."""
        prover = self._prover(query, statement)
        best = Proof.NONE
        for criterion in statement.filters:
            if best is Proof.FULL:
                break
            evidence = prover.prove(criterion, truth=True)
            best = max(best, settled(evidence, lambda value: self.trusted(value, moment)))
        return best

    def _session_is_scoped(self, query: Query) -> bool:
        session = receiver(query.result)
        while isinstance(session, Application) and isinstance(session.function, Member):
            session = session.function.of
        if session is None or self.statements.read(session):
            return False
        return self.provenances.mentions_identity(session) and not self.provenances.clients(session)

    def _leaf(
        self, query: Query | None, statement: Statement | None, test: Value, *, truth: bool
    ) -> Evidence:
        if self._is_privileged(test, truth=truth):
            return Proof.FULL
        if open_to_everyone(self.rows, query, statement, test, truth=truth):
            return Proof.FULL
        found = self.rows.comparison(test, truth=truth)
        if found is not None:
            if not found.equal:
                return Proof.NONE
            return joined(
                (self._tie(query, statement, left, right) for left, right in found.sides()), best=True
            )
        if truth and self._is_traversal(statement, test):
            return Proof.FULL
        return self._helper(query, test)

    def _is_privileged(self, test: Value, *, truth: bool) -> bool:
        key = (id(test), truth)
        if key not in self._privileged:
            self._privileged[key] = self.counts_privilege and privileged(test, self.provenances, truth=truth)
        return self._privileged[key]

    def _tie(self, query: Query | None, statement: Statement | None, left: Value, right: Value) -> Evidence:
        if query is not None and self.provenances.is_principal(right) and self.rows.is_key(query, left):
            return Proof.FULL
        if not self.rows.concerns(query, statement, left):
            return Proof.NONE
        return Pending(Proof.NONE, (right,), best=True)

    def trusted(self, value: Value, moment: Moment) -> Proof:
        """Whether a value can only be one that belongs to the principal."""
        value = plain(value)
        if isinstance(value, Const):
            return Proof.NONE
        if branches := self.rows.branches(value):
            return min(self.guarded(query, self.log.within(moment, held)) for query, held in branches)
        if self.provenances.is_principal(value) or self.provenances.is_new(value):
            return Proof.FULL
        variants = self.statements.read(value)
        if variants:
            return min(self._criteria(None, v.statement, moment) for v in variants)
        if isinstance(value, Choice):
            return min(self.trusted(alternative.value, moment) for alternative in value.alternatives)
        if isinstance(value, Sequence) and value.items:
            return min(self.trusted(item, moment) for item in value.items)
        if self.provenances.clients(value):
            return self._verified_key(value, moment)
        return self._all_parts(value, moment)

    def _all_parts(self, value: Value, moment: Moment) -> Proof:
        """A value computed from rows alone is as trusted as the rows."""
        if id(value) not in self._sources:
            found = {id(q): q for n in walk(value) if (q := self.rows.results.get(id(n))) is not None}
            self._sources[id(value)] = [] if isinstance(value, Dictionary) else list(found.values())
        return min((self.guarded(q, moment) for q in self._sources[id(value)]), default=Proof.NONE)

    def _verified_key(self, value: Value, moment: Moment) -> Proof:
        """A key is trusted where it was compared with the principal (G6), or names a guarded parent."""
        prover = self._remembered(
            "key", (value,), lambda test, truth: self._is_own_key(value, test, truth=truth)
        )
        best = settled(moment.held.evidence(prover, self.relevance.of(None)), nobody)
        for query in self.rows.selected_by(value):
            if best is Proof.FULL or query.position >= moment.position:
                break
            if self.present(query, moment):
                best = max(best, self.guarded(query, moment))
        return best

    def _is_own_key(self, value: Value, test: Value, *, truth: bool) -> Proof:
        found = self.rows.comparison(test, truth=truth)
        if found is None or not found.equal:
            return Proof.FULL if self._is_privileged(test, truth=truth) else Proof.NONE
        hit = any(
            same_path(left, value) and self.provenances.is_principal(right) for left, right in found.sides()
        )
        return Proof.FULL if hit else Proof.NONE

    def present(self, query: Query, moment: Moment) -> bool:
        """Whether a row was found: it was tested, an attribute of it was read, or the call would raise."""
        if self.exhausted:
            return False
        if query.certain:
            return True
        prover = self._remembered(
            "present", (query,), lambda test, truth: self._presence(query, test, truth=truth)
        )
        return moment.held.evidence(prover, self.relevance.of(query)) is Proof.FULL

    def _presence(self, query: Query, test: Value, *, truth: bool) -> Proof:
        found = presence(test, truth=truth)
        if found is not None and self.rows.of_row(query, found):
            return Proof.FULL
        return Proof.FULL if id(query) in self.rows.rows_read(test) else Proof.NONE

    def _is_traversal(self, statement: Statement | None, test: Value) -> bool:
        """`T.owner.has(User.id == me)`, `T.members.any(…)`, `with_parent(me, …)`, `exists().where(…)`."""
        variants = self.statements.read(test)
        if variants:
            return self._are_trusted(variants)
        if not isinstance(test, Application):
            return self.provenances.is_principal(test) and statement is not None
        if called_name(test) not in {"has", "any", "contains", "with_parent", "overlap", "contained_by"}:
            return False
        return any(self.provenances.mentions_identity(a) for a in argument_values(test.arguments))

    def _are_trusted(self, variants: tuple[Variant, ...]) -> bool:
        """Whether a subquery finds nothing but rows of the principal, wherever it is asked."""
        moment = Moment(10**9, NOTHING_HELD)
        return self.judgements.alone(
            lambda: all(self._criteria(None, v.statement, moment) is Proof.FULL for v in variants)
        )

    def _helper(self, query: Query | None, test: Value) -> Proof:
        """An opaque call that was given both the row (or its key) and the principal and then decided."""
        if query is None or not isinstance(test, Application | Item | Member | Operation):
            return Proof.NONE
        if not self.provenances.mentions_identity(test):
            return Proof.NONE
        row = self.rows.is_made_of(query, test) or self.rows.names_key(query, test)
        return Proof.HELPER if row else Proof.NONE

    def opaque_check(self, query: Query, moment: Moment) -> bool:
        """Whether an opaque call before `moment` got row or key and principal, and may have refused (G3)."""
        if self._asked is None:
            self._asked = asked(self.rows, self.log.effects)
        return opaque_check(self.rows, self._asked, query, moment.position)
