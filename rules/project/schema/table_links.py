"""What a table knows only through others: targets of keys, and the types that columns take from them."""

from __future__ import annotations

from dataclasses import replace

from rules.project.schema.column_calls import CLASS_MARK
from rules.project.schema.columns import Column, ForeignKey
from rules.project.schema.tables import Table, Tables

_MAX_CHAIN = 5


def link_tables(tables: Tables) -> None:
    """Apply table-level keys to columns, name every key's target table, give untyped keys their type."""
    for table in tables:
        _apply_keys(table)
        for name, column in list(table.columns.items()):
            if column.foreign_keys:
                keys = tuple(_named(tables, key) for key in column.foreign_keys)
                table.columns[name] = replace(column, foreign_keys=keys)
    for _ in range(_MAX_CHAIN):
        if not sum(_take_types(tables, table) for table in tables):
            return


def _apply_keys(table: Table) -> None:
    for key in table.keys:
        if key.kind == "primary":
            for name in key.columns:
                _change(table, name, primary_key=True, nullable=False)
        elif key.kind == "foreign":
            for name, target in zip(key.columns, key.targets, strict=False):
                column = table.of_attribute(name)
                if column is not None:
                    added = ForeignKey(target, key.ondelete, key.name)
                    _change(table, name, foreign_keys=(*column.foreign_keys, added))


def _change(table: Table, name: str, **facts: object) -> None:
    column = table.of_attribute(name)
    if column is not None:
        table.columns[column.name] = replace(column, **facts)  # type: ignore[arg-type]


def _named(tables: Tables, key: ForeignKey) -> ForeignKey:
    if not key.target.startswith(CLASS_MARK):
        return key
    qualified, _, attribute = key.target.removeprefix(CLASS_MARK).rpartition(".")
    for table in tables:
        if any(c.qualified == qualified for c in table.classes):
            column = table.of_attribute(attribute)
            return replace(key, target=f"{table.key}.{column.name if column is not None else attribute}")
    return replace(key, target="")


def _take_types(tables: Tables, table: Table) -> bool:
    changed = False
    for name, column in list(table.columns.items()):
        if column.type is None and column.foreign_keys:
            target = referenced(tables, table, column)
            if target is not None and target.type is not None:
                table.columns[name] = replace(column, type=target.type)
                changed = True
    return changed


def referenced(tables: Tables, table: Table, column: Column) -> Column | None:
    """The column that the first foreign key of `column` names."""
    key = column.foreign_keys[0]
    target = tables.find(key.table, table.place.path)
    return target.columns.get(key.column) if target is not None else None
