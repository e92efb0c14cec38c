"""How the keys and indexes of a model and of the migrated table differ; names of constraints do not count.

A unique constraint and a unique index over the same columns enforce the same and are equal here.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from rules.finding import Place
from rules.project.migrations.replayed import ReplayedTable
from rules.project.schema.columns import ForeignKey, Key
from rules.project.schema.stored_types import stored_type
from rules.project.schema.tables import Table

Columns = tuple[str, ...]
_INDEXED_BY_LIBRARY = {"tsvectortype", "tsvector", "geometry", "geography", "raster", "vector", "halfvec"}
"""Types whose libraries, or whose triggers, come with indexes of their own."""


class Fault(enum.Enum):
    """What is the matter with a key."""

    MISSING = "missing"  # the model has it, the migrations do not
    EXTRA = "extra"  # the migrations have it, the model does not
    CHANGED = "changed"  # both have it, with another uniqueness or ON DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDifference:
    """One key that differs. `kind` is `primary`, `unique`, `index` or `foreign`; `target` a foreign key's.

    `model` and `migrated` say in words what each side has where both have something.
    """

    fault: Fault
    kind: str
    columns: Columns
    place: Place
    target: str = ""
    model: str = ""
    migrated: str = ""


@dataclass(frozen=True, slots=True)
class _Sides:
    table: Table
    migrated: ReplayedTable

    def place(self, columns: Columns) -> Place:
        """The model's key over the columns, else its column, else its class."""
        for key in self.table.keys:
            if _names(self.table, key) == columns and key.place.path == self.table.place.path:
                return key.place
        column = self.table.columns.get(columns[0]) if len(columns) == 1 else None
        return column.place if column is not None else self.table.place


def key_differences(table: Table, migrated: ReplayedTable) -> Iterator[KeyDifference]:
    """Every key that differs and whose columns both sides have; none where a side's keys are not known."""
    if migrated.keys_unknown or not table.complete:
        return
    sides = _Sides(table, migrated)
    yield from _primary(sides)
    yield from _indexes(sides)
    yield from _foreign(sides)


def _primary(sides: _Sides) -> Iterator[KeyDifference]:
    model = {c.name for c in sides.table.columns.values() if c.primary_key}
    found = {n for key in sides.migrated.keys if key.kind == "primary" for n in key.columns}
    if model == found or not model or any(c.primary_key is None for c in sides.table.columns.values()):
        return
    both = sides.table.columns.keys() & sides.migrated.columns.keys()
    columns = tuple(n for n in sides.table.columns if n in model ^ found and n in both)
    if columns:
        fault = Fault.CHANGED if found else Fault.MISSING
        words = ", ".join(sorted(model)), ", ".join(sorted(found))
        yield KeyDifference(
            fault=fault,
            kind="primary",
            columns=columns,
            place=sides.place(columns[:1]),
            model=words[0],
            migrated=words[1],
        )


def _indexes(sides: _Sides) -> Iterator[KeyDifference]:
    model, doubtful = model_indexes(sides.table)
    found = migrated_indexes(sides.migrated)
    primary = {tuple(c.name for c in sides.table.columns.values() if c.primary_key)}
    for columns in sorted(model.keys() | found.keys()):
        if columns in doubtful or columns in primary or not _has_all(sides, columns):
            continue
        here, there = model.get(columns), found.get(columns)
        if here == there or (here is None and _is_indexed_by_library(sides, columns)):
            continue
        kind = "unique" if (here if here is not None else there) else "index"
        fault = Fault.CHANGED if here is not None and there is not None else Fault.MISSING
        yield KeyDifference(
            fault=fault if here is not None else Fault.EXTRA,
            kind=kind,
            columns=columns,
            place=sides.place(columns),
            model=_uniqueness(here),
            migrated=_uniqueness(there),
        )


def _is_indexed_by_library(sides: _Sides, columns: Columns) -> bool:
    return any(stored_type(sides.table.columns[c].type).kind in _INDEXED_BY_LIBRARY for c in columns)


def _uniqueness(unique: bool | None) -> str:  # noqa: FBT001 - one of the two states of an index
    return "" if unique is None else ("unique" if unique else "not unique")


def model_indexes(table: Table) -> tuple[dict[Columns, bool], set[Columns]]:
    """Whether the model's indexes and unique constraints are unique, by columns; and the doubtful ones."""
    found: dict[Columns, bool] = {}
    doubtful: set[Columns] = set()
    for column in table.columns.values():
        if column.unique is None or column.index is None:
            doubtful.add((column.name,))
        elif column.unique or column.index:
            found[(column.name,)] = bool(column.unique)
    for key in table.keys:
        columns = _names(table, key)
        if key.kind in {"unique", "index"} and columns and all(columns):
            found[columns] = found.get(columns, False) or key.unique
    return found, doubtful


def migrated_indexes(table: ReplayedTable) -> dict[Columns, bool]:
    """The same of a migrated table."""
    found: dict[Columns, bool] = {}
    for key in table.keys:
        if key.kind in {"unique", "index"} and key.columns and all(key.columns):
            found[key.columns] = found.get(key.columns, False) or key.unique or key.kind == "unique"
    return found


def _names(table: Table, key: Key) -> Columns:
    """A key's columns by their names in the database, where a model names its attributes."""
    columns = (table.of_attribute(name) for name in key.columns)
    return tuple(c.name if c is not None else "" for c in columns)


def _has_all(sides: _Sides, columns: Columns) -> bool:
    return all(c in sides.table.columns and c in sides.migrated.columns for c in columns)


def _foreign(sides: _Sides) -> Iterator[KeyDifference]:
    model, unread = model_references(sides.table)
    found = {
        (name, _target(target)): ForeignKey(target, key.ondelete, key.name)
        for key in sides.migrated.keys
        if key.kind == "foreign"
        for name, target in zip(key.columns, key.targets, strict=False)
    }
    for name, target in sorted(model.keys() | found.keys()):
        if name in unread or not _has_all(sides, (name,)):
            continue
        here, there = model.get((name, target)), found.get((name, target))
        if here is None or there is None:
            yield _one_sided(sides, name, target, Fault.EXTRA if here is None else Fault.MISSING)
        elif _action(here) != _action(there):
            yield KeyDifference(
                fault=Fault.CHANGED,
                kind="foreign",
                columns=(name,),
                place=sides.place((name,)),
                target=target,
                model=_action(here) or "no ON DELETE",
                migrated=_action(there) or "no ON DELETE",
            )


def model_references(table: Table) -> tuple[dict[tuple[str, str], ForeignKey], set[str]]:
    """The foreign keys by column and target, and the columns with a target that could not be read."""
    found = {
        (column.name, _target(key.target)): key
        for column in table.columns.values()
        for key in column.foreign_keys
        if key.target
    }
    unread = {c.name for c in table.columns.values() if any(not _readable(k.target) for k in c.foreign_keys)}
    return found, unread


def _one_sided(sides: _Sides, name: str, target: str, fault: Fault) -> KeyDifference:
    place = sides.place((name,))
    return KeyDifference(fault=fault, kind="foreign", columns=(name,), place=place, target=target)


def _readable(target: str) -> bool:
    return bool(target) and not target.startswith("class:")


def _target(target: str) -> str:
    return target.removeprefix("public.")


def _action(key: ForeignKey) -> str:
    action = " ".join((key.ondelete or "").upper().split())
    return "" if action == "NO ACTION" else (f"ON DELETE {action}" if action else "")
