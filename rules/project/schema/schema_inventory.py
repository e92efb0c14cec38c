"""The public records of tables: what models declare and what migrations leave."""

from __future__ import annotations

from rules.inventory import SchemaInventory
from rules.project.migrations.history import Migrations
from rules.project.schema.tables import Tables


def schema_inventory(tables: Tables, migrations: Migrations) -> SchemaInventory:
    """The inventory: tables by name and file, migrated tables by name, names whose shape is not known."""
    migrated = {}
    unknown: set[str] = set()
    for history in migrations:
        schema = history.replay.schema
        migrated.update({key: table.record() for key, table in schema.tables.items()})
        unknown |= {key for key in (*schema.tables, *schema.unknown) if schema.is_unknown(key)}
    return SchemaInventory(
        tables=tuple(sorted((t.record() for t in tables), key=lambda r: (r.name, r.file))),
        migrated=tuple(migrated[key] for key in sorted(migrated)),
        unknown=tuple(sorted(unknown)),
    )
