"""A value for the rows that exist before a column may not be NULL."""

from __future__ import annotations

import re

from rules.evaluation.values import Const
from rules.project.drafting.declared_arguments import declared_argument
from rules.project.schema.columns import Column
from rules.project.schema.stored_types import stored_type
from rules.project.schema.tables import Table

_NEUTRAL = {
    "string": "''", "text": "''", "integer": "0", "smallint": "0", "bigint": "0", "numeric": "0",
    "float": "0", "boolean": "false", "datetime": "now()", "date": "CURRENT_DATE",
}  # fmt: skip
_HARMLESS = re.compile(r"[^:%\\\n\"]{0,80}")


def row_value(table: Table, column: Column) -> str | None:
    """An SQL literal: the model's constant default, else the neutral value of the type; None without one.

    There is none for references and unique columns, where one value for all rows would be wrong.
    """
    if column.foreign_keys or column.unique is not False or column.primary_key is not False:
        return None
    kind = stored_type(column.type).kind
    if column.default == "constant":
        return _literal(declared_argument(table, column, "default"), kind)
    return _NEUTRAL.get(kind) if column.default in {"", "factory"} else None


def _literal(value: object, kind: str) -> str | None:
    if not isinstance(value, Const) or value.configurable:
        return None
    match value.value:
        case bool(flag):
            return ("true" if flag else "false") if kind == "boolean" else None
        case int() | float() as number:
            return str(number) if kind in {"integer", "smallint", "bigint", "numeric", "float"} else None
        case str(text) if kind in {"string", "text"} and _HARMLESS.fullmatch(text):
            escaped = text.replace("'", "''")
            return f"'{escaped}'"
        case _:
            return None
