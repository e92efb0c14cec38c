"""Reads tables out of SQL definitions (`CREATE TABLE`, `CREATE INDEX`, `ALTER TABLE … ADD`)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from rules.finding import Place
from rules.project.conformance.specified_tables import SpecifiedTable
from rules.project.migrations.sql_columns import sql_column, sql_key, table_name
from rules.project.schema.columns import Column, Key
from rules.specification.problem import Unreadable

_DIALECTS = ("postgres", "mysql", "sqlite")


def sql_tables(path: str, text: str, first_line: int = 1) -> Iterator[SpecifiedTable]:
    """The tables that a text defines; `first_line` is where it begins in the file. Raises Unreadable."""
    found: dict[str, SpecifiedTable] = {}
    for statement in _parsed(text):
        if isinstance(statement, exp.Create) and isinstance(statement.this, exp.Schema):
            table = _created(statement.this, path, first_line - 1)
            found.setdefault(table.name, table)
        elif isinstance(statement, exp.Create | exp.Alter):
            key = _added(statement, path, first_line - 1)
            if key is not None and key[0] in found:
                found[key[0]] = replace(found[key[0]], keys=(*found[key[0]].keys, key[1]))
    yield from found.values()


def _parsed(text: str) -> list[exp.Expression]:
    logger = logging.getLogger("sqlglot")
    was_disabled, logger.disabled = logger.disabled, True
    problem = ""
    try:
        for dialect in _DIALECTS:
            try:
                return [s for s in sqlglot.parse(text, read=dialect) if isinstance(s, exp.Expression)]
            except (SqlglotError, RecursionError, ValueError) as error:
                problem = problem or str(error).splitlines()[0]
    finally:
        logger.disabled = was_disabled
    raise Unreadable(f"not SQL that can be read: {problem}"[:200])


def _created(schema: exp.Schema, path: str, offset: int) -> SpecifiedTable:
    place = Place(path, _line(schema.this.this, offset))
    columns, keys = {}, []
    for definition in schema.expressions:
        if isinstance(definition, exp.ColumnDef):
            column = sql_column(definition, Place(path, _line(definition.this, offset)))
            columns[column.name] = _as_told(column, path)
        elif (key := sql_key(definition, place)) is not None:
            keys.append(key)
    return SpecifiedTable(name=table_name(schema), place=place, columns=columns, keys=tuple(keys))


def _as_told(column: Column, path: str) -> Column:
    """A column with a default may be meant never to be null; a sketch in a text leaves it open for all."""
    sketched = not path.endswith(".sql")
    return (
        replace(column, nullable=None) if column.nullable and (sketched or column.server_default) else column
    )


def _added(statement: exp.Create | exp.Alter, path: str, offset: int) -> tuple[str, Key] | None:
    """A unique index or a constraint that is added to a table beside its definition."""
    if isinstance(statement, exp.Alter):
        for action in statement.args.get("actions") or ():
            inner = action.expressions[0] if isinstance(action, exp.AddConstraint) else None
            key = (
                sql_key(inner, Place(path, _line(statement.this.this, offset))) if inner is not None else None
            )
            if key is not None:
                return table_name(statement.this), key
        return None
    index = statement.this
    if (
        not isinstance(index, exp.Index)
        or index.args.get("table") is None
        or not statement.args.get("unique")
    ):
        return None
    parameters = index.args.get("params")
    parts = (parameters.args.get("columns") or []) if parameters is not None else []
    if parameters is None or parameters.args.get("where") is not None:
        return None
    names = tuple(p.this.name if isinstance(p.this, exp.Column) else "" for p in parts)
    table = index.args["table"]
    return table_name(table), Key(
        kind="unique", columns=names, place=Place(path, _line(table.this, offset)), unique=True
    )


def _line(identifier: exp.Expression, offset: int) -> int:
    found = identifier.meta.get("line", 1)
    return int(found) + offset
