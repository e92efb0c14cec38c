"""SQLAlchemy types: as a value names them, and as the libraries derive them from a Python type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.evaluation.values import (
    Application,
    Arguments,
    Choice,
    ClassValue,
    Const,
    External,
    Instance,
    Member,
    Parametrized,
    Value,
)
from rules.project.schema.columns import ColumnType

TYPE_LIBRARIES = (
    "sqlalchemy",
    "sqlmodel",
    "geoalchemy2",
    "pgvector",
    "sqlalchemy_utils",
    "fastapi_users_db_sqlalchemy",
    "fastapi_utils",
    "advanced_alchemy",
    "sqlalchemy_json",
    "citext",
)
_NOT_TYPES = frozenset(
    {"ForeignKey", "CheckConstraint", "Sequence", "Identity", "Computed", "FetchedValue", "DefaultClause"}
    | {"UniqueConstraint", "ForeignKeyConstraint", "PrimaryKeyConstraint", "Index", "Column", "mapped_column"}
)
_ENUMS = ("enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag")


def is_enum(cls: ClassValue) -> bool:
    """Whether the class is an enumeration."""
    return any(name in _ENUMS for name in cls.externals())


def enum_names(cls: ClassValue) -> tuple[str, ...]:
    """The member names of an enumeration in order: what SQLAlchemy stores unless told otherwise."""
    members = [f.name for f in cls.fields if f.value is not None and not f.name.startswith("_")]
    return tuple(members)


def scalar(value: Value | None) -> object:
    """The constant a value is; None for everything else."""
    return value.value if isinstance(value, Const) else None


def whole(value: Value | None) -> int | None:
    """The integer a value is; None for everything else."""
    found = scalar(value)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def column_type(value: Value | None) -> ColumnType | None:
    """The type that a value stands for (`String`, `String(30)`, a project's `GUID()`); else None."""
    match value:
        case External(name=name):
            return _named(name, Arguments())
        case ClassValue():
            return _project_type(value, Arguments())
        case Instance(cls=cls, arguments=arguments):
            return _project_type(cls, arguments)
        case Application():
            return _called_type(value)
        case Choice(alternatives=alternatives):
            found = [column_type(a.value) for a in alternatives]
            return found[0] if found and all(f == found[0] for f in found) else None
        case Parametrized(base=base):
            return column_type(base)
        case _:
            return None


def _called_type(value: Application) -> ColumnType | None:
    arguments = value.arguments
    match value.function:
        case External(name=name) if name.rpartition(".")[2] == "as_mutable":
            return column_type(arguments.get(0, "sqltype"))
        case External(name=name):
            return _named(name, arguments)
        case Member(of=inner, name="with_variant"):
            return _with_variant(column_type(inner), column_type(arguments.get(0, "type_")))
        case Member(of=inner, name="evaluates_none" | "adapt"):
            return column_type(inner)
        case Member(name="as_mutable"):
            return column_type(arguments.get(0, "sqltype"))
        case ClassValue() as cls:
            return _project_type(cls, arguments)
        case _:
            return None


def _with_variant(main: ColumnType | None, variant: ColumnType | None) -> ColumnType | None:
    if main is None or variant is None:
        return main
    return replace(main, variants=(*main.variants, variant))


def _named(dotted: str, arguments: Arguments) -> ColumnType | None:
    top, _, last = dotted.partition(".")[0], "", dotted.rpartition(".")[2]
    if top not in TYPE_LIBRARIES or last in _NOT_TYPES or not last[:1].isupper():
        return None
    if last in {"Enum", "ENUM"}:
        native = scalar(arguments.get(None, "native_enum")) is not False
        return ColumnType(last, values=_enum_values(arguments), native=native)
    if last in {"Numeric", "DECIMAL", "NUMERIC"}:
        return ColumnType(
            last, precision=whole(arguments.get(0, "precision")), scale=whole(arguments.get(1, "scale"))
        )
    if last in {"Float", "FLOAT", "Double", "DOUBLE", "REAL", "DOUBLE_PRECISION"}:
        return ColumnType(last, precision=whole(arguments.get(0, "precision")))
    if last in {"DateTime", "TIMESTAMP", "DATETIME", "Time", "TIME"}:
        return ColumnType(last, timezone=bool(scalar(arguments.get(0, "timezone"))))
    if last == "UTCDateTime":
        return ColumnType(last, timezone=True)
    if last in {"ARRAY", "NestedMutableJson", "MutableJson"}:
        return ColumnType(last, element=column_type(arguments.get(0, "item_type")))
    if last in {"Vector", "HALFVEC", "VECTOR"}:
        return ColumnType(last, length=whole(arguments.get(0, "dim")))
    return ColumnType(last, length=whole(arguments.get(0, "length")))


def _enum_values(arguments: Arguments) -> tuple[str, ...]:
    first = arguments.get(0, "enums")
    if isinstance(first, ClassValue):
        callback = arguments.get(None, "values_callable")
        if callback is None:
            return enum_names(first)
        found = [scalar(f.value) for f in first.fields if not f.name.startswith("_")]
        return tuple(str(v) for v in found) if None not in found else ()
    names = [scalar(v) for v in arguments.positional]
    return tuple(str(n) for n in names) if all(isinstance(n, str) for n in names) else ()


def _project_type(cls: ClassValue, arguments: Arguments) -> ColumnType | None:
    names = set(cls.externals())
    if not any(n.partition(".")[0] in TYPE_LIBRARIES for n in names):
        return None
    implementation = next((column_type(c) for c in _own_attribute(cls, "impl")), None)
    if implementation is None:
        parents = (column_type(b) for b in cls.linearized()[1:] if isinstance(b, External))
        implementation = next((p for p in parents if p is not None and p.name not in _ABSTRACT_TYPES), None)
    length = whole(arguments.get(0, "length"))
    return ColumnType(cls.node.name, length=length, implementation=implementation)


_ABSTRACT_TYPES = {"TypeDecorator", "UserDefinedType", "TypeEngine"}


def _own_attribute(cls: ClassValue, name: str) -> Iterator[Value]:
    for base in cls.linearized():
        if isinstance(base, ClassValue) and name in base.attributes:
            yield base.attributes[name]
