"""The public records of tables: what models declare and what migrations leave."""

from __future__ import annotations

from rules.inventory import MigratedTable, SchemaInventory, TableRecord
from rules.project.migrations.history import Migrations
from rules.project.schema.tables import Table, Tables


def schema_inventory(tables: Tables, migrations: Migrations) -> SchemaInventory:
    """The inventory: tables by name and file, migrated ones by name and folder, names of unknown shape."""
    migrated: list[MigratedTable] = []
    unknown: set[str] = set()
    for history in migrations:
        schema = history.replay.schema
        folder = history.environment.directory
        migrated += [table.record(folder) for table in schema.tables.values()]
        unknown |= {key for key in (*schema.tables, *schema.unknown) if schema.is_unknown(key)}
    return SchemaInventory(
        tables=tuple(sorted((_record(t, migrations) for t in tables), key=lambda r: (r.name, r.file))),
        migrated=tuple(sorted(migrated, key=lambda r: (r.name, r.migrations))),
        unknown=tuple(sorted(unknown)),
    )


def _record(table: Table, migrations: Migrations) -> TableRecord:
    history = migrations.of(table)
    return table.record(history.environment.directory if history is not None else None)
