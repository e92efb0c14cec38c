"""Alembic's operations on tables and columns, applied to a replayed schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rules.evaluation.values import Const, Value
from rules.project.migrations.operation_arguments import Call, key_in, names, text
from rules.project.migrations.replayed import ReplayedSchema, ReplayedTable, Step
from rules.project.schema.column_types import column_type
from rules.project.schema.columns import Column, ForeignKey, Key
from rules.project.schema.core_tables import core_column

SHAPELESS = frozenset(
    {
        "f", "get_bind", "get_context", "inline_literal", "bulk_insert", "create_table_comment",
        "drop_table_comment",
        "implementation_for", "register_operation", "batch_alter_table", "create_entity", "replace_entity",
        "drop_entity", "sync_enum_values", "create_check_constraint", "create_exclude_constraint",
    }
)  # fmt: skip
"""Operations that change no table's columns or keys, and what Alembic plugins do beside tables."""

CREATED_BY_NONE = "changed by a migration, created by none"


@dataclass(slots=True)
class Applied:
    """Where an operation is applied: the schema, the step it is, and whether only where still needed."""

    schema: ReplayedSchema
    step: Step
    if_needed: bool = False

    def noted(self, note: str) -> Step:
        """The step with what it did."""
        return replace(self.step, note=note)


Operation = Callable[[Applied, Call], None]


def table_key(call: Call, position: int, name: str) -> str | None:
    """The key of the table that an operation is on: of the batch block, or of the argument."""
    if call.batch is not None:
        table = text(call.batch.arguments.get(0, "table_name"))
        schema = text(call.batch.arguments.get(1, "schema"))
    else:
        table, schema = call.text(position, name), call.text(None, "schema")
    if table is None:
        return None
    return f"{schema}.{table}" if schema else table


def known_table(applied: Applied, key: str | None) -> ReplayedTable | None:
    """The table to change. One that is not known is marked so, and an unreadable name makes all unknown."""
    if key is None:
        applied.schema.opaque.append(applied.noted("an operation on a table whose name could not be read"))
        return None
    table = applied.schema.tables.get(key)
    if table is None:
        applied.schema.mark_unknown(key, CREATED_BY_NONE)
    return table


def create_table(applied: Applied, call: Call) -> None:
    """`op.create_table(name, *columns)`."""
    name = call.text(0, "table_name") or call.text(None, "name")
    if name is None:
        known_table(applied, None)
        return
    table = ReplayedTable(name, applied.step.place, call.text(None, "schema"))
    if table.key in applied.schema.tables and (applied.if_needed or call.flag("if_not_exists")):
        return
    explicit: list[Key] = []
    for value in call.arguments.positional[1:]:
        column, key = core_column(value), key_in(value)
        if column is not None:
            add_column_to(table, column)
        elif key is not None:
            explicit.append(key)
        elif not isinstance(value, Const):
            table.unknown = "a column of it could not be read"
    if call.arguments.is_open:
        table.unknown = "columns come from an argument that could not be read"
    declared, table.keys = [*explicit, *table.keys], []  # constraints of columns are made after those
    for key in declared:
        applied.schema.add_key(table, key)
    applied.schema.create(table, applied.noted(f"creates `{table.key}`"))


def add_column_to(table: ReplayedTable, column: Column) -> None:
    """Add a column with the keys that its own flags ask for."""
    table.columns[column.name] = replace(
        column, primary_key=False, unique=False, index=False, foreign_keys=()
    )
    pending: list[Key] = []
    if column.primary_key:
        primary = next((k for k in table.keys if k.kind == "primary"), None)
        columns = (*(primary.columns if primary is not None else ()), column.name)
        table.keys = [k for k in table.keys if k is not primary]
        pending.append(Key(kind="primary", columns=columns, place=column.place))
        table.columns[column.name] = replace(table.columns[column.name], nullable=False)
    if column.index:
        pending.append(
            Key(kind="index", columns=(column.name,), place=column.place, unique=bool(column.unique))
        )
    elif column.unique:
        pending.append(Key(kind="unique", columns=(column.name,), place=column.place, unique=True))
    pending += [_foreign(column, key) for key in column.foreign_keys]
    table.keys += pending


def _foreign(column: Column, key: ForeignKey) -> Key:
    return Key(
        kind="foreign",
        columns=(column.name,),
        place=column.place,
        name=key.name,
        targets=(key.target,),
        ondelete=key.ondelete,
    )


def drop_table(applied: Applied, call: Call) -> None:
    """`op.drop_table(name)`."""
    key = table_key(call, 0, "table_name")
    if key is None:
        known_table(applied, None)
        return
    applied.schema.drop(key, applied.noted(f"drops `{key}`"))


def rename_table(applied: Applied, call: Call) -> None:
    """`op.rename_table(old, new)`."""
    old, new = table_key(call, 0, "old_table_name"), call.text(1, "new_table_name")
    if old is None or new is None:
        known_table(applied, None)
        return
    if applied.if_needed and old not in applied.schema.tables:
        return
    applied.schema.rename(old, new, applied.noted(f"renames `{old}` to `{new}`"))


def add_column(applied: Applied, call: Call) -> None:
    """`op.add_column(table, column)` and `batch_op.add_column(column)`."""
    table = known_table(applied, table_key(call, 0, "table_name"))
    column = core_column(call.arguments.get(0 if call.batch is not None else 1, "column"))
    if table is None:
        return
    if column is None or not column.name:
        table.unknown = "a column that a migration adds could not be read"
        return
    if column.name in table.columns and (applied.if_needed or call.flag("if_not_exists")):
        return
    kept, table.keys = table.keys, []
    add_column_to(table, column)
    added, table.keys = table.keys, kept
    for key in added:
        applied.schema.add_key(table, key)
    table.steps.append(applied.noted(f"adds `{table.key}.{column.name}`"))


def drop_column(applied: Applied, call: Call) -> None:
    """`op.drop_column(table, name)`."""
    table = known_table(applied, table_key(call, 0, "table_name"))
    name = call.text(0 if call.batch is not None else 1, "column_name")
    if table is None:
        return
    if name is None:
        table.unknown = "a column that a migration drops could not be read"
        return
    applied.schema.drop_column(table, name)
    table.steps.append(applied.noted(f"drops `{table.key}.{name}`"))


def alter_column(applied: Applied, call: Call) -> None:
    """`op.alter_column(table, name, …)`: nullability, type, default, name.

    A column that is altered and that no migration makes is there all the same: what it is, is not known.
    """
    table = known_table(applied, table_key(call, 0, "table_name"))
    name = call.text(0 if call.batch is not None else 1, "column_name")
    if table is None:
        return
    if name is None:
        table.unknown = "a column that a migration alters could not be read"
        return
    if name not in table.columns:
        if applied.if_needed:
            return
        table.columns[name] = Column(name=name, place=applied.step.place, nullable=None)
    table.columns[name] = altered(table.columns[name], call)
    table.steps.append(applied.noted(f"alters `{table.key}.{name}`"))
    new = call.text(None, "new_column_name") or call.text(None, "name")
    if new is not None and new != name:
        applied.schema.rename_column(table, name, new)


def altered(column: Column, call: Call) -> Column:
    """The column as `alter_column` leaves it, under its old name."""
    nullable = call.arguments.get(None, "nullable")
    if isinstance(nullable, Const) and isinstance(nullable.value, bool):
        column = replace(column, nullable=nullable.value)
    elif nullable is not None and not isinstance(nullable, Const):
        column = replace(column, nullable=None)
    kind = call.arguments.get(None, "type_")
    if kind is not None and not (isinstance(kind, Const) and kind.value is None):
        column = replace(column, type=column_type(kind))
    default = call.arguments.get(None, "server_default")
    if default is not None:
        has = not (isinstance(default, Const) and default.value in (None, False))
        column = replace(column, server_default=has)
    return column


def referenced_columns(values: Value | None, table: str) -> tuple[str, ...]:
    """`table.column` for each referenced column of a foreign key."""
    return tuple(f"{table}.{name}" for name in names(values) or ())
