"""Columns that name a user and have no foreign key to the user table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.project.isolation.isolation import Isolation
from rules.project.isolation.owned_columns import principals_columns
from rules.project.schema.columns import Column, ColumnType
from rules.project.schema.tables import Table, common_depth
from rules.rule import Confidence

_OWNS = re.compile(
    r"^(?P<stem>owner|user|author|creator|customer|account|uploader)(_user)?_?(id|uuid|pk)$", re.IGNORECASE
)
_DID = re.compile(
    r"^(created|updated|modified|owned|uploaded|posted|added|deleted|approved|assigned)_by(_user)?(_(id|uuid))?$|"
    r"^(assignee|sender|recipient|reviewer|editor|reporter)_(id|uuid)$",
    re.IGNORECASE,
)
_RECORDS = re.compile(
    r"log|audit|event|histor|archive|outbox|snapshot|metric|analytic|stat|cache|webhook|usage|trace|backup|version|"
    r"telemetry|import|staging",
    re.IGNORECASE,
)
_FAMILIES = (
    frozenset({"Integer", "BigInteger", "SmallInteger", "INTEGER", "BIGINT", "SMALLINT"}),
    frozenset({"Uuid", "UUID", "GUID", "UUIDType"}),
    frozenset({"String", "AutoString", "Text", "VARCHAR", "CHAR", "Unicode", "TEXT"}),
)


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A column of `table` that names rows of `users` without a key; `precedent` is a table that has one."""

    table: Table
    column: Column
    users: Table
    precedent: tuple[Table, Column] | None
    confidence: Confidence


def unlinked_columns(isolation: Isolation) -> Iterator[Unlinked]:
    """Every such column of the project's tables."""
    ownership = isolation.ownership
    users = [table for table in isolation.tables if ownership.is_user(table)]
    linked = [
        (table, column)
        for table in isolation.tables
        for column in table.columns.values()
        if (target := ownership.target(table, column)) is not None and ownership.is_user(target)
    ]
    compared = principals_columns(isolation) if users else frozenset()
    conventions: set[int] = set()
    for table in isolation.tables if users else ():
        if ownership.is_user(table) or table.is_view or _RECORDS.search(table.name):
            continue
        near = max(users, key=lambda u: common_depth(u.place.path, table.place.path))
        for column in table.columns.values():
            if _names_user(isolation, table, column) and _fits(column, near):
                yield _unlinked(table, column, near, linked)
            elif (parent := _named_owned(isolation, table, column)) is not None and _fits(column, parent):
                only = Confidence.LOW if ownership.paths(table) else Confidence.MEDIUM
                if id(parent) in conventions:
                    continue  # nothing in the project has a key to that table: said once
                if not ownership.paths(parent) and not _is_linked(isolation, parent):
                    conventions.add(id(parent))
                yield Unlinked(table, column, parent, None, only)
            elif (id(table), column.name) in compared and _fits(column, near) and _is_bare(table, column):
                yield Unlinked(table, column, near, None, Confidence.MEDIUM)


def _named_owned(isolation: Isolation, table: Table, column: Column) -> Table | None:
    """The table of users, or of rows with an owner, that `<its name>_id` names without declaring it."""
    stem, _, suffix = (column.attribute or column.name).lower().rpartition("_")
    if suffix not in {"id", "uuid"} or not stem or column.foreign_keys or column.primary_key:
        return None
    if any(key.kind == "foreign" and column.name in key.columns for key in table.keys):
        return None
    if f"{stem}_type" in {c.name.lower() for c in table.columns.values()}:
        return None
    ownership = isolation.ownership
    named = [
        t
        for t in isolation.tables
        if t is not table and stem in {t.name.lower(), t.name.lower().removesuffix("s"), t.model_name.lower()}
    ]
    held = [t for t in named if ownership.is_user(t) or ownership.paths(t) or ownership.may_be_tenant(t)]
    return held[0] if len(named) == 1 and held else None


def _names_user(isolation: Isolation, table: Table, column: Column) -> bool:
    """Whether the column by its name holds a user's key, and nothing declares where it points to."""
    name = column.attribute or column.name
    owns = _OWNS.match(name)
    if column.foreign_keys or column.primary_key or not (owns or _DID.match(name)):
        return False
    if any(key.kind == "foreign" and column.name in key.columns for key in table.keys):
        return False
    if owns and owns["stem"].lower() not in {"owner", "user"} and _is_table(isolation, owns["stem"].lower()):
        return False
    siblings = {c.name.lower() for c in table.columns.values()}
    stem = name.lower().rpartition("_")[0]
    return f"{stem}_type" not in siblings


def _is_linked(isolation: Isolation, parent: Table) -> bool:
    """Whether any table has a foreign key to this one."""
    return any(
        isolation.ownership.target(table, column) is parent
        for table in isolation.tables
        for column in table.columns.values()
    )


def _is_bare(table: Table, column: Column) -> bool:
    """Whether the column by its name holds a key, and nothing declares of what."""
    if column.foreign_keys or column.primary_key or not column.name.lower().endswith(("_id", "_uuid")):
        return False
    return not any(key.kind == "foreign" and column.name in key.columns for key in table.keys)


def _is_table(isolation: Isolation, stem: str) -> bool:
    """Whether a table of its own goes by the column's name, such as `customers` for `customer_id`."""
    return any(
        t.name.lower() in {stem, f"{stem}s"} and not isolation.ownership.is_user(t) for t in isolation.tables
    )


def _fits(column: Column, users: Table) -> bool:
    """Whether the column's type is that of the users' key, so that it can hold one."""
    keys = [c for c in users.columns.values() if c.primary_key]
    return len(keys) == 1 and _same_family(column.type, keys[0].type)


def _same_family(left: ColumnType | None, right: ColumnType | None) -> bool:
    if left is None or right is None:
        return False
    return any(left.name in family and right.name in family for family in _FAMILIES)


def _unlinked(table: Table, column: Column, users: Table, linked: list[tuple[Table, Column]]) -> Unlinked:
    precedent = next((pair for pair in linked if pair[0] is not table), None)
    owns = _OWNS.match(column.attribute or column.name) is not None
    is_text = column.type is not None and column.type.name in _FAMILIES[2]
    if precedent is None and not any(c.foreign_keys for c in users.columns.values()):
        confidence = Confidence.LOW if is_text else Confidence.MEDIUM
    else:
        confidence = Confidence.HIGH if owns and not is_text else Confidence.MEDIUM
    return Unlinked(table, column, users, precedent, confidence)
