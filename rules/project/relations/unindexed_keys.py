"""Foreign-key columns that no index leads with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.project.schema.columns import Column, Key
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.project.project import Project

_OWN_INDEXES = (b"mysql+", b"mysql://", b"pymysql", b"aiomysql", b"mysqlclient", b"mariadb", b"asyncmy")
_OTHERS = (b"postgres", b"psycopg", b"asyncpg", b"sqlite")


@dataclass(frozen=True, slots=True)
class UnindexedKey:
    """A foreign-key column without an index; `in_primary` where it is a later part of the primary key."""

    table: Table
    column: Column
    in_primary: bool


def unindexed_keys(project: Project) -> Iterator[UnindexedKey]:
    """Each foreign-key column that neither its model nor a migration indexes; MySQL does so by itself."""
    if indexes_keys_itself(project):
        return
    led_by = leading_columns(project)
    for table in project.tables:
        if not table.complete:
            continue
        led = led_by[id(table)]
        primary = [c.name for c in table.columns.values() if c.primary_key]
        for column in table.columns.values():
            if not any(key.target for key in column.foreign_keys) or _may_be_indexed(column):
                continue
            if column.name not in led and column.attribute not in led:
                yield UnindexedKey(table, column, column.name in primary)


def leading_columns(project: Project) -> dict[int, frozenset[str]]:
    """By table identity, the columns with which a key or index begins, of the model or of the migrations."""
    migrated = {id(pair.table): pair.migrated.keys for pair in project.drift if pair.migrated is not None}
    led: dict[int, frozenset[str]] = {}
    for table in project.tables:
        keys = {key.columns[0] for key in _keys(table, migrated.get(id(table), [])) if key.columns}
        primary = [c.name for c in table.columns.values() if c.primary_key]
        led[id(table)] = frozenset((*keys, *primary[:1]))
    return led


def _keys(table: Table, migrated: list[Key]) -> Iterator[Key]:
    for key in (*table.keys, *migrated):
        if key.kind in {"primary", "unique", "index"}:
            yield key


def _may_be_indexed(column: Column) -> bool:
    """Whether the column says so, or says something that is not known."""
    return column.index is not False or column.unique is not False


def indexes_keys_itself(project: Project) -> bool:
    """Whether MySQL or MariaDB, and no other database, is named by the files."""
    data = [f.data for f in project.files.values() if f.path.endswith((".py", ".txt", ".toml"))]
    return any(name in d for d in data for name in _OWN_INDEXES) and not any(
        name in d for d in data for name in _OTHERS
    )
