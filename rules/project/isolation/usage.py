"""How the project's own routes treat each table: owned, published, or shared by everyone who is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.authentication import Level
from rules.project.isolation.formulas import Proof
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.publicness import reason
from rules.project.schema.tables import Table


@dataclass(slots=True)
class Treatment:
    """Counts over all routes of how one table is read and written; `precedent` is a route that guards it."""

    guarded_reads: int = 0
    guarded_writes: int = 0
    open_reads: int = 0
    optional_reads: int = 0
    open_lists: int = 0
    precedent: Inspection | None = None
    _anonymous: set[int] = field(default_factory=set)

    def count(self, access: Access, inspection: Inspection) -> None:
        """Take one access of an ordinary route into account."""
        level = inspection.authentication.level
        if access.proof is Proof.FULL:
            if access.writes:
                self.guarded_writes += 1
            else:
                self.guarded_reads += 1
        elif not access.writes and access.selection in {Selection.KEY, Selection.ALL, Selection.PARENT}:
            self.open_reads += level is Level.REQUIRED
            self.optional_reads += level is Level.OPTIONAL
            if level is Level.NONE and reason(inspection.route, inspection.run) is None:
                self._anonymous.add(id(inspection))
            self.open_lists += level is Level.REQUIRED and access.query.kind == "rows"

    @property
    def owned(self) -> bool:
        """Whether some route does hold rows to their owner."""
        return self.guarded_reads + self.guarded_writes > 0

    @property
    def mostly_guarded(self) -> bool:
        """Whether more accesses hold rows to their owner than read them without."""
        return self.guarded_reads + self.guarded_writes > self.open_reads

    @property
    def published(self) -> bool:
        """Whether rows are meant for everyone: read without signing in, by design rather than by one slip."""
        return self.optional_reads > 0 or len(self._anonymous) >= 2

    @property
    def shared(self) -> bool:
        """Whether everyone who is signed in reads all rows, as in a team's own tool."""
        return not self.guarded_reads and self.open_reads >= 2 and self.open_lists > 0


@dataclass(slots=True)
class Usage:
    """The treatment of every table."""

    ownership: Ownership
    _treatments: dict[int, Treatment] = field(default_factory=dict)

    @classmethod
    def of(cls, inspections: Iterable[Inspection], ownership: Ownership) -> Usage:
        """Count over all routes; privileged ones say nothing about ordinary users."""
        usage = cls(ownership)
        for inspection in inspections:
            if inspection.authentication.privileged:
                continue
            for access in inspection.accesses:
                if inspection.guards.rows.is_below_new(access.query):
                    continue
                treatment = usage.treatment(access.table)
                level = inspection.authentication.level
                treatment.count(access, inspection)
                if access.proof is Proof.FULL and level is Level.REQUIRED and treatment.precedent is None:
                    treatment.precedent = inspection
        return usage

    def treatment(self, table: Table) -> Treatment:
        """The counts of one table."""
        return self._treatments.setdefault(id(table), Treatment())

    def is_owned(self, table: Table) -> bool:
        """Whether rows are users' own; by a team, or a column that says who acted, where routes do."""
        paths = self.ownership.paths(table)
        if not paths:
            return False
        if all(owned.shared for owned in paths):
            return self.treatment(table).owned
        return any(not owned.audit for owned in paths) or self.treatment(table).mostly_guarded

    def is_certain(self, table: Table) -> bool:
        """Whether ownership rests on keys or on a route that honours it, rather than on a column's name."""
        return self.treatment(table).owned or any(o.certain for o in self.ownership.paths(table))
