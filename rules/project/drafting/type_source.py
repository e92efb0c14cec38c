"""Column types as a migration writes them."""

from __future__ import annotations

from rules.project.schema.columns import ColumnType
from rules.project.schema.stored_types import StoredType, stored_type

_PLAIN = {
    "text": "sa.Text()",
    "uuid": "sa.Uuid()",
    "integer": "sa.Integer()",
    "smallint": "sa.SmallInteger()",
    "bigint": "sa.BigInteger()",
    "boolean": "sa.Boolean()",
    "date": "sa.Date()",
    "interval": "sa.Interval()",
    "float": "sa.Float()",
    "binary": "sa.LargeBinary()",
}
_NAMED = {"JSON": "sa.JSON()", "JSONB": "postgresql.JSONB()", "REAL": "sa.REAL()"}
_OWN = ("INET", "CIDR", "MACADDR", "TSVECTOR", "HSTORE")


def type_source(declared: ColumnType | None) -> str | None:
    """`sa.String(length=64)` and the like; None for a type that is not known or needs more than its name.

    Enumerations have a database type of their own, which is created by a name that the model's class gives.
    """
    if declared is None or declared.variants:
        return None
    while declared.implementation is not None:
        declared = declared.implementation
    if declared.name == "ARRAY":
        element = type_source(declared.element)
        return f"postgresql.ARRAY({element})" if element is not None else None
    if declared.name in _OWN:
        return f"postgresql.{declared.name}()"
    return _NAMED.get(declared.name) or _by_class(stored_type(declared))


def _by_class(stored: StoredType) -> str | None:
    match stored.kind:
        case "string" | "char" as kind:
            name = "String" if kind == "string" else "CHAR"
            return f"sa.{name}(length={stored.length})" if stored.length is not None else f"sa.{name}()"
        case "numeric":
            given = (("precision", stored.precision), ("scale", stored.scale))
            return f"sa.Numeric({', '.join(f'{name}={n}' for name, n in given if n is not None)})"
        case "datetime" | "time" as kind:
            name = "DateTime" if kind == "datetime" else "Time"
            return f"sa.{name}({'timezone=True' if stored.timezone else ''})"
        case kind:
            return _PLAIN.get(kind)
