"""Types as people write them in DBML and Markdown: `varchar(200)`, `String`, `UUID`, `timestamp`."""

from __future__ import annotations

import re
from dataclasses import replace

from rules.project.schema.columns import ColumnType

_TYPES = {
    "string": "String", "str": "String", "varchar": "String", "character varying": "String", "char": "CHAR",
    "text": "Text", "uuid": "Uuid", "int": "Integer", "integer": "Integer", "int4": "Integer",
    "serial": "Integer", "bigint": "BigInteger", "int8": "BigInteger", "bigserial": "BigInteger",
    "smallint": "SmallInteger", "bool": "Boolean", "boolean": "Boolean", "date": "Date", "time": "Time",
    "datetime": "DateTime", "timestamp": "DateTime", "timestamptz": "DateTime", "float": "Float",
    "double": "Float", "real": "Float", "decimal": "Numeric", "numeric": "Numeric", "json": "JSON",
    "jsonb": "JSONB", "bytea": "LargeBinary", "blob": "LargeBinary",
}  # fmt: skip
_WRITTEN = re.compile(r"(?P<name>[a-z][a-z0-9 ]*?)\s*(?:\((?P<sizes>[\d ,]+)\))?(?P<rest>\W.*)?", re.DOTALL)


def written_type(told: str) -> ColumnType | None:
    """The type; None for one that is not known. Whether a time has a zone is not told by its name here."""
    found = _WRITTEN.fullmatch(told.strip().lower().removesuffix(" with time zone"))
    if (
        found is None
        or found["name"] not in _TYPES
        or (found["rest"] or "").strip().startswith(("[", "|", "/", "or "))
    ):
        return None
    made = ColumnType(_TYPES[found["name"]])
    sizes = [int(size) for size in (found["sizes"] or "").replace(" ", "").split(",") if size]
    if made.name in {"String", "CHAR"} and sizes:
        return replace(made, length=sizes[0])
    if made.name == "Numeric" and sizes:
        return replace(made, precision=sizes[0], scale=sizes[1] if len(sizes) > 1 else None)
    return made
