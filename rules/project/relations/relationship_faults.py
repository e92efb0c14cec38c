"""Relationships that do not fit: to the other side, to the keys between the tables, to their annotation."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue, Const
from rules.project.schema.relationships import Relationship
from rules.project.schema.tables import Table
from rules.project.spelling import meant

if TYPE_CHECKING:
    from rules.project.project import Project

_OWN_JOIN = {"primaryjoin", "foreign_keys", "secondaryjoin", "remote_side", "viewonly", "sa_relationship"}
_LOOSE = {"viewonly", "primaryjoin", "secondaryjoin"}


class RelationshipFault(enum.Enum):
    """What does not fit."""

    NO_COUNTERPART = "the target has no attribute of that name"
    POINTS_ELSEWHERE = "the other side points back at another attribute"
    ONE_SIDED = "the other side does not point back"
    NO_KEY = "no foreign key joins the tables"
    AMBIGUOUS = "several foreign keys join the tables"
    LIST_OF_ONE = "a list where the foreign key stands on this side"
    ONE_OF_MANY = "a single row where the foreign key stands on the other side"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyRelationship:
    """A relationship with a fault; `likely` the name that `back_populates` can only have meant."""

    fault: RelationshipFault
    table: Table
    relationship: Relationship
    target: Table
    other: Relationship | None = None
    likely: str | None = None


@dataclass(slots=True)
class _Mapped:
    """The tables' keys, and the tables by their classes' qualified and own names."""

    keys: set[str] = field(default_factory=set)
    by_class: dict[str, Table] = field(default_factory=dict)
    by_name: dict[str, list[Table]] = field(default_factory=dict)

    def target(self, relationship: Relationship) -> Table | None:
        """The table that a relationship leads to; None where it is not known or not unique."""
        if relationship.model is not None:
            return self.by_class.get(relationship.model.qualified)
        found = self.by_name.get(relationship.target, [])
        return found[0] if len(found) == 1 else None

    def keys_are_known(self, table: Table) -> bool:
        """Whether every foreign key leads to a table that is known, and no parent class has its own."""
        targets = [key.table for column in table.columns.values() for key in column.foreign_keys]
        if not all(t in self.keys or t.rpartition(".")[2] in self.keys for t in targets):
            return False
        bases = [b for cls in table.classes for b in cls.linearized()[1:] if isinstance(b, ClassValue)]
        return not any(base.qualified in self.by_class for base in bases)


def faulty_relationships(project: Project) -> Iterator[FaultyRelationship]:
    """Every relationship whose target is known and that does not fit."""
    mapped = _Mapped()
    for table in project.tables:
        mapped.keys.add(table.key)
        for cls in table.classes:
            mapped.by_class[cls.qualified] = table
            mapped.by_name.setdefault(cls.node.name, []).append(table)
    for table in project.tables:
        for relationship in table.relationships:
            target = mapped.target(relationship)
            if target is not None and _is_whole(table) and _is_whole(target):
                fault = _of_counterpart(table, relationship, target)
                if fault is None and mapped.keys_are_known(table) and mapped.keys_are_known(target):
                    fault = _of_keys(table, relationship, target)
                if fault is not None:
                    yield fault


def _is_whole(table: Table) -> bool:
    """Whether all attributes of the one class that maps the table are known."""
    return table.complete and len(table.classes) == 1


def _of_counterpart(table: Table, relationship: Relationship, target: Table) -> FaultyRelationship | None:
    name = relationship.back_populates
    if name is None or relationship.backref is not None or "viewonly" in _arguments(relationship):
        return None
    other = next((r for r in target.relationships if r.name == name), None)
    if other is None:
        if _has_attribute(target, name):
            return None
        likely = meant(name, (r.name for r in target.relationships))
        return FaultyRelationship(
            fault=RelationshipFault.NO_COUNTERPART,
            table=table,
            relationship=relationship,
            target=target,
            likely=likely,
        )
    back = other.back_populates
    if back == relationship.name:
        return None
    if back is None and (other.backref is not None or _arguments(other) & _LOOSE):
        return None
    fault = RelationshipFault.ONE_SIDED if back is None else RelationshipFault.POINTS_ELSEWHERE
    if back is not None and not any(r.name == back for r in table.relationships):
        return None  # the other side names what is not there, and is reported itself
    return FaultyRelationship(fault=fault, table=table, relationship=relationship, target=target, other=other)


def _has_attribute(target: Table, name: str) -> bool:
    """Whether the class has such a name in some other way: a mixin, a property, a generated attribute."""
    if target.of_attribute(name) is not None:
        return True
    backrefs = any(r.backref == name for r in target.relationships)
    bases = [b for cls in target.classes for b in cls.linearized() if isinstance(b, ClassValue)]
    return backrefs or any(name in base.attributes for base in bases)


def _arguments(relationship: Relationship) -> set[str]:
    return {name for name, _ in relationship.arguments}


def _keys(table: Table, target: Table) -> int:
    """How many foreign keys lead from one table to another; a composite one counts once."""
    composite = {
        (key.columns, key.targets)
        for key in table.keys
        if key.kind == "foreign" and len(key.columns) > 1 and key.targets
        and key.targets[0].rpartition(".")[0] in {target.key, target.name}
    }  # fmt: skip
    members = {name for columns, _ in composite for name in columns}
    single = sum(
        any(k.table in {target.key, target.name} for k in c.foreign_keys)
        for c in table.columns.values()
        if c.name not in members and c.attribute not in members
    )
    return single + len(composite)


def _of_keys(table: Table, relationship: Relationship, target: Table) -> FaultyRelationship | None:
    """A list needs its key on the other side; a single row needs it here, or a unique one there."""
    if relationship.link is not None or _arguments(relationship) & _OWN_JOIN:
        return None
    here, there = _keys(table, target), _keys(target, table)
    fault: RelationshipFault | None = None
    if here + there == 0:
        fault = RelationshipFault.NO_KEY
    elif table is target:
        fault = RelationshipFault.AMBIGUOUS if here > 1 else None
    elif here + there > 1:
        fault = RelationshipFault.AMBIGUOUS
    elif relationship.many and here:
        fault = RelationshipFault.LIST_OF_ONE
    elif relationship.many is False and there and not _is_single(relationship, table, target):
        fault = RelationshipFault.ONE_OF_MANY
    if fault is None:
        return None
    return FaultyRelationship(fault=fault, table=table, relationship=relationship, target=target)


def _is_single(relationship: Relationship, table: Table, target: Table) -> bool:
    """Whether one row is all there can be: said so, or by a unique key on the other side."""
    uselist = dict(relationship.arguments).get("uselist")
    if isinstance(uselist, Const) and uselist.value is False:
        return True
    columns = [c for c in target.columns.values() if any(k.table == table.key for k in c.foreign_keys)]
    unique = {key.columns for key in target.keys if key.unique}
    primary = [c.name for c in target.columns.values() if c.primary_key]
    return any(c.unique or (c.name,) in unique or primary == [c.name] for c in columns)
