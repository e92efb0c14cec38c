"""Columns, types and keys out of SQL definitions, as sqlglot parses them."""

from __future__ import annotations

from sqlglot import exp

from rules.finding import Place
from rules.project.schema.columns import Column, ColumnType, ForeignKey, Key

_TYPES = {
    "INT": "Integer", "BIGINT": "BigInteger", "SMALLINT": "SmallInteger", "TINYINT": "SmallInteger",
    "SERIAL": "Integer", "BIGSERIAL": "BigInteger", "SMALLSERIAL": "SmallInteger", "TEXT": "Text",
    "UUID": "Uuid", "BOOLEAN": "Boolean", "DATE": "Date", "INTERVAL": "Interval", "JSON": "JSON",
    "JSONB": "JSONB",
    "DOUBLE": "Float", "FLOAT": "Float", "VARBINARY": "LargeBinary", "BINARY": "LargeBinary",
    "BLOB": "LargeBinary",
    "INET": "INET", "TSVECTOR": "TSVECTOR", "HSTORE": "HSTORE",
}  # fmt: skip
_SIZED = {"VARCHAR": "String", "NVARCHAR": "String", "CHAR": "CHAR", "NCHAR": "CHAR", "BPCHAR": "CHAR"}
_TIMES = {
    "TIMESTAMP": False,
    "DATETIME": False,
    "TIMESTAMPNTZ": False,
    "TIMESTAMPTZ": True,
    "TIMESTAMPLTZ": True,
}


def sql_type(kind: exp.Expression | None) -> ColumnType | None:
    """The type of a definition; None where it is the project's own."""
    if not isinstance(kind, exp.DataType):
        return None
    name = kind.this.value if hasattr(kind.this, "value") else str(kind.this)
    sizes = [int(p.name) for p in kind.expressions if isinstance(p, exp.DataTypeParam) and p.name.isdigit()]
    if name in _SIZED:
        return ColumnType(_SIZED[name], length=sizes[0] if sizes else None)
    if name in {"DECIMAL", "NUMERIC", "BIGDECIMAL"}:
        precision = sizes[0] if sizes else None
        return ColumnType("Numeric", precision=precision, scale=sizes[1] if len(sizes) > 1 else None)
    if name in _TIMES:
        return ColumnType("DateTime", timezone=_TIMES[name])
    if name in {"TIME", "TIMETZ"}:
        return ColumnType("Time", timezone=name == "TIMETZ")
    if name in {"ARRAY", "LIST"}:
        return ColumnType("ARRAY", element=sql_type(kind.expressions[0]) if kind.expressions else None)
    return ColumnType(_TYPES[name]) if name in _TYPES else None


def sql_column(definition: exp.ColumnDef, place: Place) -> Column:
    """A column with the flags and keys of its own constraints."""
    nullable, primary, unique, default = True, False, False, False
    keys: tuple[ForeignKey, ...] = ()
    for constraint in definition.constraints:
        match constraint.kind:
            case exp.NotNullColumnConstraint(args=args):
                nullable = bool(args.get("allow_null"))
            case exp.PrimaryKeyColumnConstraint():
                primary, nullable = True, False
            case exp.UniqueColumnConstraint():
                unique = True
            case exp.DefaultColumnConstraint() | exp.GeneratedAsIdentityColumnConstraint():
                default = True
            case exp.Reference() as reference:
                keys += _references(reference)
            case _:
                pass
    kind = definition.args.get("kind")
    serial = isinstance(kind, exp.DataType) and "SERIAL" in str(kind.this)
    return Column(
        name=definition.name,
        attribute=definition.name,
        place=place,
        type=sql_type(kind),
        nullable=nullable and not serial,
        primary_key=primary,
        unique=unique,
        foreign_keys=keys,
        server_default=default or serial,
    )


def _references(reference: exp.Reference) -> tuple[ForeignKey, ...]:
    table, columns = reference_target(reference)
    return tuple(ForeignKey(f"{table}.{c}", on_delete(reference)) for c in columns)


def reference_target(reference: exp.Reference) -> tuple[str, tuple[str, ...]]:
    """The referenced table and columns; a primary key that is not written out is taken to be `id`."""
    inner = reference.this
    if isinstance(inner, exp.Schema):
        return table_name(inner.this), tuple(e.name for e in inner.expressions)
    return table_name(inner), ("id",)


def on_delete(reference: exp.Expression) -> str | None:
    """`CASCADE` out of `ON DELETE CASCADE`."""
    for option in reference.args.get("options") or ():
        text = str(option).upper()
        if text.startswith("ON DELETE "):
            return text.removeprefix("ON DELETE ")
    return None


def table_name(table: exp.Expression) -> str:
    """The key of a table, its schema in front unless it is PostgreSQL's own `public`."""
    if isinstance(table, exp.Schema):
        table = table.this
    schema = table.text("db")
    return f"{schema}.{table.name}" if schema and schema != "public" else table.name


def sql_key(definition: exp.Expression, place: Place, name: str | None = None) -> Key | None:
    """A table-level constraint; None for those that are no key."""
    match definition:
        case exp.Constraint(expressions=[inner, *_]):
            return sql_key(inner, place, definition.name)
        case exp.PrimaryKey(expressions=columns):
            return Key(kind="primary", columns=_names(columns), place=place, name=name)
        case exp.UniqueColumnConstraint(this=exp.Schema(expressions=columns)):
            return Key(kind="unique", columns=_names(columns), place=place, name=name, unique=True)
        case exp.ForeignKey(expressions=columns):
            reference = definition.args.get("reference")
            if not isinstance(reference, exp.Reference):
                return None
            table, targets = reference_target(reference)
            return Key(
                kind="foreign",
                columns=_names(columns),
                place=place,
                name=name,
                targets=tuple(f"{table}.{t}" for t in targets),
                ondelete=on_delete(reference) or on_delete(definition),
            )
        case _:
            return None


def _names(columns: list[exp.Expression]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)
