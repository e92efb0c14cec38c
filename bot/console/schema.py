"""`schema`: every table as the models declare it, and as the migrations leave it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import rules
from bot.console.configuration import Overrides, options_for
from bot.console.formats import SchemaFormat
from bot.console.output_json import to_json
from bot.console.style import Style, style_of, visible
from bot.console.table import aligned
from bot.console.working_tree import read_tree
from rules.inventory import ColumnRecord, SchemaInventory, TableRecord

HEADER = ("COLUMN", "TYPE", "NULL", "KEY", "UNIQUE", "INDEX", "REFERENCES", "MIGRATIONS")


def run(root: Path, output: SchemaFormat) -> int:
    """Write the tables of the project. Returns 0."""
    tree = read_tree(root, rules.interesting)
    inventory = rules.review(tree, options_for(tree, Overrides())).schema
    if output is SchemaFormat.JSON:
        sys.stdout.write(to_json(inventory))
    else:
        sys.stdout.write("\n".join(_blocks(inventory, style_of(sys.stdout))))
    return 0


def _blocks(inventory: SchemaInventory, style: Style) -> Iterator[str]:
    migrated = {(table.migrations, table.name): table.columns for table in inventory.migrated}
    if not inventory.tables and not migrated:
        yield "No tables found.\n"
    for table in inventory.tables:
        yield _table(table, migrated.get((table.migrations or "", table.name)), style)
    declared = {(table.migrations or "", table.name) for table in inventory.tables}
    for folder, name in sorted(migrated.keys() - declared):
        title = (
            f"{style.paint('strong', visible(name))}  in the migrations alone ({visible(folder or '.')})\n"
        )
        rows = [(*_row(column), "") for column in migrated[folder, name]]
        yield title + aligned(HEADER, rows, style, "  ")
    if inventory.unknown:
        yield f"Not known, raw SQL touches them: {visible(', '.join(inventory.unknown))}\n"


def _table(table: TableRecord, migrated: tuple[ColumnRecord, ...] | None, style: Style) -> str:
    known = {column.name: column for column in migrated or ()}
    declared = {column.name for column in table.columns}
    rows = [(*_row(column), _agreement(column, known.get(column.name), migrated)) for column in table.columns]
    rows.extend((*_row(known[name]), "not in the model") for name in known if name not in declared)
    place = visible(f"{table.model} {table.file}:{table.line}")
    title = f"{style.paint('strong', visible(table.name))}  {place}\n"
    return title + aligned(HEADER, rows, style, "  ")


def _agreement(
    column: ColumnRecord, there: ColumnRecord | None, migrated: tuple[ColumnRecord, ...] | None
) -> str:
    if migrated is None:
        return "no such table"
    if there is None:
        return "no such column"
    differing = [
        f"{name}: {getattr(there, name)}"
        for name in column.__struct_fields__
        if getattr(column, name) != getattr(there, name)
    ]
    return ", ".join(differing) or "same"


def _row(column: ColumnRecord) -> tuple[str, ...]:
    return (
        column.name,
        column.type,
        "null" if column.nullable else "not null",
        "primary" if column.primary_key else "",
        "unique" if column.unique else "",
        "index" if column.index else "",
        column.foreign_key or "",
    )
