"""Which declared types are stored alike: the classes by which models and migrations are compared."""

from __future__ import annotations

from dataclasses import dataclass

from rules.project.schema.columns import ColumnType

_CLASSES: dict[str, tuple[str, ...]] = {
    "string": ("String", "AutoString", "VARCHAR", "Unicode", "NVARCHAR", "AutoStr", "CharacterVarying"),
    "char": ("CHAR", "NCHAR", "BPCHAR"),
    "text": ("Text", "TEXT", "UnicodeText", "CLOB", "LONGTEXT", "MEDIUMTEXT", "CITEXT"),
    "uuid": ("UUID", "Uuid", "GUID", "UUIDType"),
    "integer": ("Integer", "INTEGER", "INT", "SERIAL"),
    "smallint": ("SmallInteger", "SMALLINT", "SMALLSERIAL", "TINYINT"),
    "bigint": ("BigInteger", "BIGINT", "BIGSERIAL"),
    "boolean": ("Boolean", "BOOLEAN", "BOOL"),
    "datetime": ("DateTime", "DATETIME", "TIMESTAMP", "UTCDateTime", "TIMESTAMPAware", "DateTimeUTC"),
    "date": ("Date", "DATE"),
    "time": ("Time", "TIME"),
    "interval": ("Interval", "INTERVAL"),
    "float": ("Float", "FLOAT", "REAL", "Double", "DOUBLE", "DOUBLE_PRECISION", "DOUBLE PRECISION"),
    "numeric": ("Numeric", "NUMERIC", "DECIMAL"),
    "json": ("JSON", "JSONB"),
    "enum": ("Enum", "ENUM"),
    "binary": ("LargeBinary", "BYTEA", "BLOB", "VARBINARY", "BINARY"),
    "array": ("ARRAY",),
}
_BY_NAME = {name: kind for kind, names in _CLASSES.items() for name in names}


@dataclass(frozen=True, slots=True)
class StoredType:
    """How a type is stored: its class with what differs inside the class; `kind` is empty if unknown."""

    kind: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    timezone: bool | None = None
    values: tuple[str, ...] = ()


def stored_type(declared: ColumnType | None) -> StoredType:
    """The class of a declared type, through the project's own decorators."""
    for _ in range(5):
        if declared is None:
            return StoredType("")
        if declared.name in _BY_NAME and declared.implementation is None:
            break
        if declared.implementation is None:
            return StoredType(declared.name.lower())
        declared = declared.implementation
    if declared is None:
        return StoredType("")
    kind = _BY_NAME.get(declared.name, declared.name.lower())
    return StoredType(
        kind,
        length=declared.length if kind in {"string", "char"} else None,
        precision=declared.precision if kind == "numeric" else None,
        scale=declared.scale if kind == "numeric" else None,
        timezone=declared.timezone if kind in {"datetime", "time"} else None,
        values=declared.values,
    )
