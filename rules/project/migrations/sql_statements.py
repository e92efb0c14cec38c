"""SQL statements that change tables, applied to a replayed schema."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from rules.project.migrations.operations import CREATED_BY_NONE, Applied, add_column_to
from rules.project.migrations.replayed import ReplayedTable
from rules.project.migrations.sql_columns import sql_column, sql_key, sql_type, table_name
from rules.project.schema.columns import Key

_NAMED_TABLE = re.compile(
    r"\b(?:alter|create|drop)\s+(?:unlogged\s+|temp(?:orary)?\s+|foreign\s+)?table\s+(?:if\s+(?:not\s+)?exists\s+)?"
    r"(?:only\s+)?((?:[\w$]+|\"[^\"]+\")(?:\s*\.\s*(?:[\w$]+|\"[^\"]+\"))?)",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?:(?:en|dis)able\s+(?:row\s+level\s+security|(?:always\s+|replica\s+)?(?:trigger|rule))|(?:no\s+)?force\s+row"
    r"|owner\s+to|replica\s+identity|validate\s+constraint|set\s+\(|cluster\s+on|set\s+tablespace|set\s+(?:un)?logged"
    r"|attach\s+partition|detach\s+partition|alter\s+(?:column\s+)?\S+\s+set\s+(?:statistics|storage|compression))",
    re.IGNORECASE,
)
_OTHER_OBJECTS = {
    "TYPE",
    "TRIGGER",
    "FUNCTION",
    "PROCEDURE",
    "SEQUENCE",
    "SCHEMA",
    "EXTENSION",
    "POLICY",
    "DATABASE",
}


def apply_statements(applied: Applied, text: str) -> None:
    """Apply each statement; one that cannot be replayed makes the tables it names unknown."""
    logger = logging.getLogger("sqlglot")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        statements = sqlglot.parse(text, read="postgres")
    except (SqlglotError, RecursionError, ValueError):
        mark_named(applied, text)
        return
    finally:
        logger.disabled = was_disabled
    for statement in statements:
        if isinstance(statement, exp.Expression):
            _apply(applied, statement)


def mark_named(applied: Applied, text: str) -> bool:
    """Make every table unknown that the text alters, creates or drops; whether there was one."""
    found = [_unquoted(m) for m in _NAMED_TABLE.findall(text)]
    for name in found:
        applied.schema.mark_unknown(name, "changed by SQL that cannot be replayed")
    return bool(found)


def _unquoted(name: str) -> str:
    parts = [p.strip().strip('"') for p in name.split(".")]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] == "public" else parts)


def _apply(applied: Applied, statement: exp.Expression) -> None:
    match statement:
        case exp.Create():
            _create(applied, statement)
        case exp.Alter():
            _alter(applied, statement)
        case exp.Drop():
            _drop(applied, statement)
        case exp.Command():
            text = f"{statement.this} {statement.expression}"
            if not _NEUTRAL.search(text):
                mark_named(applied, text)
        case _:
            return


def _create(applied: Applied, statement: exp.Create) -> None:
    kind = str(statement.args.get("kind") or "").upper()
    if kind == "VIEW":
        applied.schema.views.add(table_name(statement.this))
    elif kind == "INDEX":
        _create_index(applied, statement)
    elif kind == "TABLE":
        _create_table(applied, statement)
    elif kind not in _OTHER_OBJECTS:
        mark_named(applied, statement.sql("postgres"))


def _create_table(applied: Applied, statement: exp.Create) -> None:
    key = table_name(statement.this)
    if statement.args.get("exists") and key in applied.schema.tables:
        return
    schema, _, name = key.rpartition(".")
    table = ReplayedTable(name, applied.step.place, schema or None)
    definitions = statement.this.expressions if isinstance(statement.this, exp.Schema) else []
    declared: list[Key] = []
    for definition in definitions:
        if isinstance(definition, exp.ColumnDef):
            add_column_to(table, sql_column(definition, applied.step.place))
        elif (found := sql_key(definition, applied.step.place)) is not None:
            declared.append(found)
    if not definitions or statement.expression is not None:
        table.unknown = "created by SQL that does not list its columns"
    declared, table.keys = [*table.keys, *declared], []
    for item in declared:
        applied.schema.add_key(table, item)
    applied.schema.create(table, applied.noted(f"creates `{key}`"))


def _create_index(applied: Applied, statement: exp.Create) -> None:
    index = statement.this
    on = index.args.get("table")
    table = applied.schema.tables.get(table_name(on)) if on is not None else None
    if table is None:
        return
    parts = index.args["params"].args.get("columns") or [] if index.args.get("params") is not None else []
    columns = [p.this.name if isinstance(p.this, exp.Column) else "" for p in parts]
    key = Key(
        kind="index",
        columns=tuple(columns) if all(columns) else (),
        place=applied.step.place,
        name=index.name or None,
        unique=bool(statement.args.get("unique")),
    )
    if key.name is None or table.constraint(key.name) is None:
        applied.schema.add_key(table, key)


def _drop(applied: Applied, statement: exp.Drop) -> None:
    kind = str(statement.args.get("kind") or "").upper()
    targets = statement.args.get("tables") or ([statement.this] if statement.this is not None else [])
    for target in targets:
        name = table_name(target)
        if kind == "TABLE":
            applied.schema.drop(name, applied.noted(f"drops `{name}`"))
        elif kind == "VIEW":
            applied.schema.views.discard(name)
        elif kind == "INDEX":
            for table in applied.schema.tables.values():
                table.keys = [k for k in table.keys if not (k.kind == "index" and k.name == name)]


def _alter(applied: Applied, statement: exp.Alter) -> None:
    if str(statement.args.get("kind") or "TABLE").upper() != "TABLE":
        return
    key = table_name(statement.this)
    table = applied.schema.tables.get(key)
    if table is None:
        if not statement.args.get("exists"):
            applied.schema.mark_unknown(key, CREATED_BY_NONE)
        return
    for action in statement.args.get("actions") or ():
        _act(applied, table, action)


def _act(applied: Applied, table: ReplayedTable, action: exp.Expression) -> None:
    match action:
        case exp.ColumnDef():
            _add_column(applied, table, action)
        case exp.Drop():
            _drop_part(applied, table, action)
        case exp.RenameColumn(this=old, args=args):
            applied.schema.rename_column(table, old.name, args["to"].name)
        case exp.AlterRename(this=new):
            applied.schema.rename(
                table.key, new.name, applied.noted(f"renames `{table.key}` to `{new.name}`")
            )
        case exp.AlterColumn():
            _alter_column(table, action)
        case exp.AddConstraint(expressions=definitions):
            for definition in definitions:
                key = sql_key(definition, applied.step.place)
                if key is not None:
                    applied.schema.add_key(table, key)
        case _:
            table.unknown = "changed by SQL that cannot be replayed"


def _add_column(applied: Applied, table: ReplayedTable, action: exp.ColumnDef) -> None:
    column = sql_column(action, applied.step.place)
    if column.name in table.columns:
        return
    kept, table.keys = table.keys, []
    add_column_to(table, column)
    added, table.keys = table.keys, kept
    for key in added:
        applied.schema.add_key(table, key)
    table.steps.append(applied.noted(f"adds `{table.key}.{column.name}`"))


def _drop_part(applied: Applied, table: ReplayedTable, action: exp.Drop) -> None:
    kind = str(action.args.get("kind") or "").upper()
    for target in action.args.get("tables") or ():
        if kind == "COLUMN":
            applied.schema.drop_column(table, target.name)
            table.steps.append(applied.noted(f"drops `{table.key}.{target.name}`"))
        elif kind == "CONSTRAINT":
            table.keys = [k for k in table.keys if k.name != target.name]


def _alter_column(table: ReplayedTable, action: exp.AlterColumn) -> None:
    column = table.columns.get(action.this.name)
    if column is None:
        return
    if (allow := action.args.get("allow_null")) is not None:
        column = replace(column, nullable=bool(allow))
    if (kind := action.args.get("dtype")) is not None:
        column = replace(column, type=sql_type(kind))
    if action.args.get("default") is not None:
        column = replace(column, server_default=True)
    table.columns[column.name] = column
