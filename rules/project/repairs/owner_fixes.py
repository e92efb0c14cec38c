"""Fixes that tie what a route reaches to its caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.finding import Edit, Fix, Safety
from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.formulas import Proof
from rules.project.isolation.holes import Hole
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.ownership import Owned
from rules.project.repairs.caller_names import Handler, caller_key, handler_of
from rules.project.repairs.fetched_rows import owner_check
from rules.project.repairs.insertions import Insertion, inserted
from rules.project.repairs.keyed_fetches import as_query
from rules.project.repairs.owner_clauses import model_name, statement_clauses
from rules.project.schema.columns import Column
from rules.project.schema.tables import Table

KeyOf = Callable[[Column], str]
"""What holds the caller's key as a column refers to it, empty where nothing does: `user.id`."""


def owner_fix(isolation: Isolation, hole: Hole) -> Fix | None:
    """The owner in the handler's own statement, or a check behind its fetch; None where neither can be.

    The caller has to be one of the handler's parameters, and the table to name its owner, or its parent to.
    """
    handler = handler_of(hole.inspection)
    if handler is None:
        return None
    owners = Owners(isolation, hole.inspection, handler)
    criterion, edits = owners.edits(
        hole.access, lambda column: caller_key(isolation, hole.inspection, column)
    )
    return Fix(f"Ask for `{criterion}`", Safety.SUGGEST, edits) if edits else None


class Owners:
    """Puts owners into what one handler does."""

    def __init__(self, isolation: Isolation, inspection: Inspection, handler: Handler) -> None:
        self._isolation = isolation
        self._inspection = inspection
        self._handler = handler

    def edits(self, access: Access, key_of: KeyOf) -> tuple[str, tuple[Edit, ...]]:
        """The criterion in words, and the edits that put it in; none where that cannot be."""
        for column in _owner_columns(self._isolation, access.table):
            key, attribute = key_of(column), _attribute(column)
            if key:
                text = f"{access.table.model_name}.{attribute} == {key}"
                return text, self._of_owner(access, attribute, key)
        tied = self._tied(access)
        return tied if tied[1] else self._of_parent(access, key_of)

    def _of_owner(self, access: Access, attribute: str, key: str) -> tuple[Edit, ...]:
        if access.query.kind == "row":
            edits = owner_check(self._isolation, self._inspection, access, self._handler, attribute, key)
            edits = edits or as_query(self._isolation, access, self._handler, attribute, key)
            if edits:
                return edits
        return self._inserted(self._clauses(self._together(access), f"{{T}}.{attribute} == {key}"))

    def _tied(self, access: Access) -> tuple[str, tuple[Edit, ...]]:
        """A child's key to its parent compared with the one in the path, where the parent is checked."""
        names = {p.name for p in self._handler.function.parameters}
        for owned in self._isolation.ownership.paths(access.table):
            name = _attribute(owned.column)
            if owned.parent is not None and name in names:
                edits = owner_check(self._isolation, self._inspection, access, self._handler, name, name)
                if edits:
                    return f"{access.table.model_name}.{name} == {name}", edits
        return "", ()

    def _of_parent(self, access: Access, key_of: KeyOf) -> tuple[str, tuple[Edit, ...]]:
        """A join to the parent that names the owner."""
        for owned in self._isolation.ownership.paths(access.table):
            if owned.parent is None or owned.audit or owned.shared:
                continue
            for column in _owner_columns(self._isolation, owned.parent):
                key = key_of(column)
                edits = self._joined(access, owned, column, key) if key else ()
                if edits:
                    return f"{owned.parent.model_name}.{_attribute(column)} == {key}", edits
        return "", ()

    def _joined(self, first: Access, owned: Owned, column: Column, key: str) -> tuple[Edit, ...]:
        accesses = self._together(first)
        assert owned.parent is not None
        statements = [access.variant.statement for access in accesses]
        if any(s.kind != "select" or len(s.tables) != 1 for s in statements):
            return ()
        table = self._isolation.ownership.table
        joined = {any(table(t) is owned.parent for t in s.joined) for s in statements}
        parent = model_name(self._isolation, statements[0].root, owned.parent)
        if not parent or len(joined) != 1:
            return ()
        clauses = self._clauses(accesses, f"{parent}.{_attribute(column)} == {key}")
        if not joined.pop():
            on = f"{parent}, {{T}}.{_attribute(owned.column)} == {parent}.{_referred(owned)}"
            joins = [_as_join(clause) for clause in self._clauses(accesses, on)]
            clauses = [
                Insertion(j.line, j.column, j.text + c.text) for j, c in zip(joins, clauses, strict=True)
            ]
        return self._inserted(clauses)

    def _together(self, access: Access) -> list[Access]:
        """The accesses that one finding stands for: of a list, the count beside it too."""
        if access.selection is not Selection.ALL:
            return [access]
        return [
            other
            for other in self._inspection.accesses
            if other.table is access.table
            and other.selection is Selection.ALL
            and other.proof is not Proof.FULL
            and other.query.position >= self._inspection.run.log.handler
        ]

    def _clauses(self, accesses: list[Access], criterion: str) -> list[Insertion]:
        return statement_clauses(self._handler, accesses, self._isolation, criterion)

    def _inserted(self, insertions: list[Insertion]) -> tuple[Edit, ...]:
        return inserted(self._handler.value.module.source, insertions)


def _owner_columns(isolation: Isolation, table: Table) -> Iterator[Column]:
    if isolation.ownership.is_user(table):
        keys = [column for column in table.columns.values() if column.primary_key]
        yield from keys if len(keys) == 1 else []
        return
    owned = [o for o in isolation.ownership.direct(table) if not o.audit]
    yield from (o.column for o in sorted(owned, key=lambda o: not o.certain))


def _as_join(clause: Insertion) -> Insertion:
    return Insertion(clause.line, clause.column, f".join({clause.text.partition('(')[2]}")


def _referred(owned: Owned) -> str:
    assert owned.parent is not None
    target = owned.column.foreign_keys[0].column if owned.column.foreign_keys else "id"
    found = owned.parent.columns.get(target)
    return _attribute(found) if found is not None else target


def _attribute(column: Column) -> str:
    return column.attribute or column.name
