"""Accesses of a request to owned rows: by which key, with what effect, and how well guarded."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Member, Value
from rules.project.isolation.comparisons import Comparison, comparison
from rules.project.isolation.formulas import Proof, leaves
from rules.project.isolation.guards import Guards
from rules.project.isolation.ownership import Ownership, is_association, is_capability
from rules.project.isolation.placed_rows import placements
from rules.project.isolation.queries import Query
from rules.project.isolation.sinks import Sink, insertions, sinks
from rules.project.isolation.statements import Variant
from rules.project.isolation.terms import plain
from rules.project.schema.tables import Table


class Selection(enum.StrEnum):
    """By what a query picks its rows."""

    KEY = "key"  # a key that the client supplies
    PARENT = "parent"  # a key of a parent row that nobody checked
    CLAIM = "claim"  # an owner that the client names: another rule's matter
    CAPABILITY = "capability"  # a secret whose knowledge is the permission
    ALL = "all"  # neither key nor owner


@dataclass(frozen=True, slots=True)
class Access:
    """The worst use of one query's rows of `table`; `proof` is what guards it there."""

    query: Query
    table: Table
    sink: Sink
    proof: Proof
    selection: Selection
    keys: tuple[str, ...]
    variant: Variant
    selected: tuple[Value, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether rows are changed or deleted."""
        return self.sink.writes


def accesses(guards: Guards, ownership: Ownership) -> Iterator[Access]:
    """One access for each query over owned or user tables whose rows are used, guarded or not."""
    uses: dict[int, list[Sink]] = {}
    for sink in sinks(guards):
        uses.setdefault(id(sink.query), []).append(sink)
    for sink in insertions(guards):
        table = _owned_table(sink.query, ownership)
        if table is not None and not ownership.is_user(table):
            uses.setdefault(id(sink.query), []).append(sink)
    for query in guards.queries:
        table = _owned_table(query, ownership)
        if table is not None and id(query) in uses:
            yield _access(query, table, uses[id(query)], guards, ownership)
    yield from _placements(guards, ownership)


def _placements(guards: Guards, ownership: Ownership) -> Iterator[Access]:
    """New rows below an owned row that the client names and nobody checked, nor even fetched."""
    for placed in placements(guards, ownership):
        proof = guards.trusted(placed.key, guards.log.moment(placed.position))
        if proof is not Proof.FULL:
            query = placed.query()
            sink = Sink(query, placed.position, (), writes=True)
            yield Access(
                query,
                placed.parent,
                sink,
                proof,
                Selection.KEY,
                (placed.column,),
                query.variants[0],
                (placed.key,),
            )


def owned_tables(queries: list[Query], ownership: Ownership) -> list[Table]:
    """The owned and user tables that the queries are about."""
    return [table for query in queries if (table := _owned_table(query, ownership)) is not None]


def _owned_table(query: Query, ownership: Ownership) -> Table | None:
    for variant in query.variants:
        for value in variant.statement.tables:
            table = ownership.table(value)
            if table is not None and (ownership.is_user(table) or ownership.paths(table)):
                return table
    return None


def _access(query: Query, table: Table, used: list[Sink], guards: Guards, ownership: Ownership) -> Access:
    proof, sink = _worst(query, used, guards)
    variant = _unguarded(query, sink, guards)
    selection, keys, selected = select(variant, table, guards, ownership)
    if selection is Selection.CLAIM and sink.writes and is_association(table):
        selection = Selection.KEY  # whose membership is changed, not who acts
    if selection in {Selection.KEY, Selection.PARENT} and proof is Proof.NONE:
        claimed = _claimed(query, table, guards, ownership)
        if claimed is not None:
            return Access(query, table, sink, proof, Selection.CLAIM, (claimed[0],), variant, (claimed[1],))
        above = next(_claimed_above(query, guards, ownership), None)
        if above is not None:
            behind, of, column, value = above
            return Access(behind, of, sink, proof, Selection.CLAIM, (column,), behind.variants[0], (value,))
    return Access(query, table, sink, proof, selection, keys, variant, selected)


def _worst(query: Query, used: list[Sink], guards: Guards) -> tuple[Proof, Sink]:
    """The least guarded use, among equal ones a writing one, the first of them."""
    worst: tuple[Proof, Sink] | None = None
    for sink in sorted(used, key=lambda s: not s.writes):
        proof = guards.guarded(query, guards.log.moment(sink.position, sink.conditions))
        if worst is None or proof < worst[0]:
            worst = proof, sink
        if proof is Proof.NONE:
            break
    assert worst is not None
    return worst


def _unguarded(query: Query, sink: Sink, guards: Guards) -> Variant:
    if len(query.variants) == 1:
        return query.variants[0]
    moment = guards.log.moment(sink.position, sink.conditions)
    return min(query.variants, key=lambda v: guards.variant_proof(query, v, moment))


def _claimed_above(
    query: Query, guards: Guards, ownership: Ownership
) -> Iterator[tuple[Query, Table, str, Value]]:
    """The parent or membership by which the rows are reached, held to an owner that the client names."""
    rows = guards.rows
    for other in rows.queries:
        of = None if other is query else _owned_table(other, ownership)
        shared = any(rows.selects(other, key) for key in rows.keys(query))
        if of is None or not (shared or rows.follows(query, other)):
            continue
        kind, names, values = select(other.variants[0], of, guards, ownership)
        if kind is Selection.CLAIM:
            yield other, of, names[0], values[0]
        elif (claimed := _claimed(other, of, guards, ownership)) is not None:
            yield other, of, *claimed


def select(
    variant: Variant, table: Table, guards: Guards, ownership: Ownership
) -> tuple[Selection, tuple[str, ...], tuple[Value, ...]]:
    """By what the query picks its rows, with the names and values of the deciding keys."""
    found: dict[Selection, list[tuple[str, Value]]] = {}
    for criterion in variant.statement.filters:
        for leaf in leaves(criterion):
            made = comparison(leaf, truth=True)
            if made is None or not made.equal:
                continue
            for kind, name, value in _by(made, table, variant, guards, ownership):
                found.setdefault(kind, []).append((name, value))
    for kind in (Selection.CAPABILITY, Selection.CLAIM, Selection.KEY, Selection.PARENT):
        if kind in found:
            return kind, tuple(name for name, _ in found[kind]), tuple(v for _, v in found[kind])
    return Selection.ALL, (), ()


def _by(
    made: Comparison, table: Table, variant: Variant, guards: Guards, ownership: Ownership
) -> Iterator[tuple[Selection, str, Value]]:
    for column, value in ((plain(left), plain(right)) for left, right in made.sides()):
        if not isinstance(column, Member) or not guards.rows.concerns(None, variant.statement, column):
            continue
        of = ownership.table(plain(column.of)) or table
        source = guards.source(value)
        if source is not None:
            if not guards.provenances.is_principal(value) and ownership.is_key(of, column.name):
                yield Selection.PARENT, column.name, value
        elif guards.provenances.clients(value):
            if is_capability(column.name):
                yield Selection.CAPABILITY, column.name, value
            elif ownership.names_owner(of, column.name, depth=0):
                yield Selection.CLAIM, column.name, value
            elif ownership.is_key(of, column.name):
                yield Selection.KEY, column.name, value


def _claimed(query: Query, table: Table, guards: Guards, ownership: Ownership) -> tuple[str, Value] | None:
    """The owner column of the fetched row that a refusal compares with what the client sent, and that."""
    for column, value in guards.relevance.compared(query):
        if (
            ownership.names_owner(table, column.name)
            and guards.provenances.clients(value)
            and guards.source(value) is None
        ):
            return column.name, value
    return None
