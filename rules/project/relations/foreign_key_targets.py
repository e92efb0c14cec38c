"""What the foreign keys of the models point at, and whether it is there."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.project.schema.columns import Column, ForeignKey
from rules.project.schema.schemas import classes_of, is_table_class
from rules.project.schema.stored_types import stored_type
from rules.project.schema.tables import Table, Tables, common_depth
from rules.project.spelling import meant

if TYPE_CHECKING:
    from rules.project.project import Project

_INTEGERS = {"integer", "smallint", "bigint"}
_TEXTS = {"string", "text", "char"}
_KNOWN = _INTEGERS | _TEXTS | {"uuid", "boolean", "datetime", "date", "numeric"}


class Missing(enum.Enum):
    """What does not fit."""

    TABLE = "table"
    COLUMN = "column"
    TYPE = "type"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenReference:
    """A foreign key that cannot work. `target` is the table it names, `likely` the target probably meant.

    `certain` is False where a model or library that is not known may hold the target.
    """

    missing: Missing
    table: Table
    column: Column
    key: ForeignKey
    target: Table | None = None
    likely: str | None = None
    certain: bool = True


def broken_references(project: Project) -> Iterator[BrokenReference]:
    """Each foreign key of a model whose target no model has, or has with another type."""
    tables = project.tables
    migrated = {t.name for h in project.migrations for t in h.replay.schema.tables.values()}
    perhaps = _perhaps_tables(project)
    closed = not tables.unnamed and all(t.complete for t in tables)
    for table in tables:
        for column in table.columns.values():
            for key in column.foreign_keys:
                if not _is_readable(key) or key.table in perhaps:
                    continue
                found = _check(tables, table, column, key)
                if found is not None:
                    yield _graded(found, closed=closed, is_migrated=key.table.rpartition(".")[2] in migrated)


def _perhaps_tables(project: Project) -> set[str]:
    """Names of classes that say that they are tables, under a base that is not known to make them so."""
    known = {id(cls) for table in project.tables for cls in table.classes}
    return {
        cls.node.name.lower()
        for cls in classes_of(project.machine)
        if is_table_class(cls) and id(cls) not in known
    }


def _is_readable(key: ForeignKey) -> bool:
    return "." in key.target and not key.target.startswith("class:")


def _check(tables: Tables, table: Table, column: Column, key: ForeignKey) -> BrokenReference | None:
    target = tables.find(key.table, table.place.path)
    if target is None:
        target = tables.find(key.table.rpartition(".")[2], table.place.path)
    if target is None:
        name = meant(key.table, (t.key for t in _near(tables, table)))
        likely = f"{name}.{key.column}" if name else None
        return BrokenReference(missing=Missing.TABLE, table=table, column=column, key=key, likely=likely)
    referenced = target.columns.get(key.column)
    if referenced is None:
        same = [t for t in tables if t.key == target.key]
        if not target.complete or any(key.column in t.columns or not t.complete for t in same):
            return None
        name = meant(key.column, target.columns)
        return BrokenReference(
            missing=Missing.COLUMN,
            table=table,
            column=column,
            key=key,
            target=target,
            likely=f"{key.table}.{name}" if name else None,
        )
    if _types_clash(column, referenced):
        return BrokenReference(missing=Missing.TYPE, table=table, column=column, key=key, target=target)
    return None


def _near(tables: Tables, table: Table) -> Iterator[Table]:
    """The tables of the same metadata, or of the same top folder where that is not known."""
    for other in tables:
        if (table.metadata and other.metadata == table.metadata) or (
            not table.metadata and common_depth(other.place.path, table.place.path) > 0
        ):
            yield other


def _graded(found: BrokenReference, *, closed: bool, is_migrated: bool) -> BrokenReference:
    certain = found.missing is not Missing.TABLE or found.likely is not None or (closed and not is_migrated)
    return BrokenReference(
        missing=found.missing,
        table=found.table,
        column=found.column,
        key=found.key,
        target=found.target,
        likely=found.likely,
        certain=certain,
    )


def _types_clash(column: Column, referenced: Column) -> bool:
    """Whether PostgreSQL refuses the key: known types of different classes, none of the project's own."""
    if column.type is None or referenced.type is None:
        return False
    if column.type.implementation is not None or referenced.type.implementation is not None:
        return False
    kinds = {stored_type(column.type).kind, stored_type(referenced.type).kind}
    if len(kinds) == 1 or not kinds <= _KNOWN or kinds <= _INTEGERS or kinds <= _TEXTS:
        return False
    return kinds != {"uuid", "char"}
