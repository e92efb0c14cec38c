"""Alembic's operations on constraints and indexes, applied to a replayed schema."""

from __future__ import annotations

from rules.project.migrations.operation_arguments import Call, names, text
from rules.project.migrations.operations import Applied, known_table, referenced_columns, table_key
from rules.project.migrations.replayed import ReplayedTable
from rules.project.schema.columns import Key

_CONSTRAINTS = ("primary", "unique", "foreign", "check", "exclude")


def create_index(applied: Applied, call: Call) -> None:
    """`op.create_index(name, table, columns)`."""
    shift = 1 if call.batch is not None else 0
    table = known_table(applied, table_key(call, 1, "table_name"))
    columns = names(call.arguments.get(2 - shift, "columns"))
    if table is None:
        return
    name = call.text(0, "index_name")
    if name is not None and table.constraint(name) is not None:
        return
    if columns is None:
        table.keys_unknown = True
    unique = call.flag("unique")
    key = Key(kind="index", columns=columns or (), place=applied.step.place, name=name, unique=unique)
    applied.schema.add_key(table, key)


def drop_index(applied: Applied, call: Call) -> None:
    """`op.drop_index(name, table_name=…)`; PostgreSQL finds an index by its name alone."""
    name = call.text(0, "index_name")
    for table in applied.schema.tables.values():
        key = table.constraint(name, "index") if name is not None else None
        if key is not None:
            table.keys.remove(key)
            return
    owner = applied.schema.tables.get(table_key(call, 1, "table_name") or "")
    if owner is not None and not applied.if_needed and not call.flag("if_exists"):
        owner.keys_unknown = True


def create_unique_constraint(applied: Applied, call: Call) -> None:
    """`op.create_unique_constraint(name, table, columns)`."""
    _create(applied, call, "unique")


def create_primary_key(applied: Applied, call: Call) -> None:
    """`op.create_primary_key(name, table, columns)`."""
    _create(applied, call, "primary")


def _create(applied: Applied, call: Call, kind: str) -> None:
    shift = 1 if call.batch is not None else 0
    table = known_table(applied, table_key(call, 1, "table_name"))
    columns = names(call.arguments.get(2 - shift, "columns"))
    if table is None:
        return
    if not columns:
        table.keys_unknown = True
        return
    name = text(call.arguments.get(0, "constraint_name"))
    if applied.if_needed and name is not None and table.constraint(name) is not None:
        return
    key = Key(kind=kind, columns=columns, place=applied.step.place, name=name, unique=kind == "unique")
    applied.schema.add_key(table, key)


def create_foreign_key(applied: Applied, call: Call) -> None:
    """`op.create_foreign_key(name, source, referent, local_cols, remote_cols)`."""
    shift = 1 if call.batch is not None else 0
    source = _source_key(call)
    table = known_table(applied, source)
    referent = call.text(2 - shift, "referent_table")
    schema = call.text(None, "referent_schema")
    columns = names(call.arguments.get(3 - shift, "local_cols"))
    if table is None:
        return
    if referent is None or not columns:
        table.keys_unknown = True
        return
    target = f"{schema}.{referent}" if schema else referent
    name = text(call.arguments.get(0, "constraint_name"))
    if applied.if_needed and name is not None and table.constraint(name) is not None:
        return
    key = Key(
        kind="foreign",
        columns=columns,
        place=applied.step.place,
        name=name,
        targets=referenced_columns(call.arguments.get(4 - shift, "remote_cols"), target),
        ondelete=call.text(None, "ondelete"),
    )
    applied.schema.add_key(table, key)


def _source_key(call: Call) -> str | None:
    if call.batch is not None:
        return table_key(call, 0, "table_name")
    table, schema = call.text(1, "source_table"), call.text(None, "source_schema")
    return f"{schema}.{table}" if schema and table else table


def drop_constraint(applied: Applied, call: Call) -> None:
    """`op.drop_constraint(name, table)`."""
    table = known_table(applied, table_key(call, 1, "table_name"))
    name = call.text(0, "constraint_name")
    if table is None:
        return
    key = table.constraint(name, *_CONSTRAINTS) if name is not None else None
    if key is None:
        _not_found(applied, call, table, name)
        return
    table.keys.remove(key)


def _not_found(applied: Applied, call: Call, table: ReplayedTable, name: str | None) -> None:
    """A name that no key has: the only key of the declared type is meant, else the keys are unknown."""
    kind = {"foreignkey": "foreign", "unique": "unique", "primary": "primary", "check": "check"}
    wanted = kind.get(call.text(2 if call.batch is None else 1, "type_") or "")
    if wanted == "check" or applied.if_needed or call.flag("if_exists"):
        return
    fitting = [k for k in table.keys if k.kind == wanted]
    named = [k for k in fitting if name is not None and all(c in name for c in k.columns)]
    if len(named) == 1 or len(fitting) == 1:
        table.keys.remove((named or fitting)[0])
    else:
        table.keys_unknown = True
