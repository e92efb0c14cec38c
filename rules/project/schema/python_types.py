"""The column types that SQLAlchemy and SQLModel derive from Python types."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import Application, ClassValue, External, Parametrized, Sequence, Value
from rules.project.annotations import external_name, generic_name
from rules.project.schema.column_types import enum_names, is_enum, scalar
from rules.project.schema.columns import ColumnType

_TEXTS = {
    "EmailStr",
    "Path",
    "PurePath",
    "IPv4Address",
    "IPv4Network",
    "IPv6Address",
    "IPv6Network",
    "SecretStr",
}
_TEXTS_OF_STR = {"str", "constr", "StrictStr", "LiteralString"}
PYTHON_TYPES: dict[str, str] = {
    "float": "Float", "bool": "Boolean", "int": "Integer", "date": "Date", "timedelta": "Interval",
    "time": "Time", "bytes": "LargeBinary", "Decimal": "Numeric", "datetime": "DateTime",
}  # fmt: skip
_PYDANTIC_TYPES = {
    "PositiveInt": "Integer", "NonNegativeInt": "Integer", "NegativeInt": "Integer", "StrictInt": "Integer",
    "conint": "Integer", "PositiveFloat": "Float", "NonNegativeFloat": "Float", "StrictFloat": "Float",
    "confloat": "Float", "StrictBool": "Boolean", "condecimal": "Numeric", "PastDate": "Date",
    "FutureDate": "Date", "StrictBytes": "LargeBinary",
}  # fmt: skip
_UUIDS = {"UUID", "UUID1", "UUID3", "UUID4", "UUID5", "UUID6", "UUID7", "UUID8"}
_AWARE = {"datetime", "AwareDatetime", "PastDatetime", "FutureDatetime"}


@dataclass(frozen=True, slots=True)
class TypeVersions:
    """Types that depend on versions: SQLModel's for UUIDs and datetimes, SQLAlchemy's for floats."""

    uuid: str = "Uuid"
    datetime: str = "UTCDateTime"
    float: str = "Float"


def from_python(base: Value, versions: TypeVersions) -> ColumnType | None:
    """What SQLAlchemy's own type map derives from a Python type in `Mapped[...]`."""
    name = _python_name(base)
    if name in _TEXTS_OF_STR:
        return ColumnType("String")
    if name == "UUID":
        return ColumnType("Uuid")
    if name == "Enum":
        return ColumnType("Enum", values=enum_names(base) if isinstance(base, ClassValue) else ())
    if generic_name(base) == "Literal" and isinstance(base, Parametrized):
        return ColumnType("Enum", values=_literal_values(base))
    if name == "float":
        return ColumnType(versions.float)
    if name in PYTHON_TYPES:
        return ColumnType(PYTHON_TYPES[name], timezone=False if name == "datetime" else None)
    return None


def from_field(
    base: Value, *, length: int | None, digits: tuple[int | None, int | None], versions: TypeVersions
) -> ColumnType | None:
    """What SQLModel derives from a field's Python type and its constraints."""
    name = _python_name(base)
    if name == "Enum":
        return ColumnType("Enum", values=enum_names(base) if isinstance(base, ClassValue) else ())
    if name in _TEXTS_OF_STR or name in _TEXTS:
        return ColumnType("AutoString", length=length or None)
    if name in _UUIDS:
        return ColumnType(versions.uuid)
    if name == "NaiveDatetime":
        return ColumnType("DateTime", timezone=False)
    if name in _AWARE:
        return ColumnType(versions.datetime, timezone=versions.datetime == "UTCDateTime")
    if name in {"Decimal", "condecimal"}:
        return ColumnType("Numeric", precision=digits[0], scale=digits[1])
    known = PYTHON_TYPES.get(name) or _PYDANTIC_TYPES.get(name)
    return ColumnType(known) if known is not None else None


def _python_name(base: Value) -> str:
    """The name by which the type maps know a Python type: of itself, or of the base it is stored as."""
    if isinstance(base, Application):
        return external_name(base.function)
    if isinstance(base, Parametrized):
        return external_name(base.base)
    if isinstance(base, External):
        return base.name.rpartition(".")[2]
    if isinstance(base, ClassValue):
        if is_enum(base):
            return "Enum"
        known = (*_TEXTS_OF_STR, *_TEXTS, *_UUIDS, *PYTHON_TYPES)
        return next((n.rpartition(".")[2] for n in base.externals() if n.rpartition(".")[2] in known), "")
    return ""


def _literal_values(base: Parametrized) -> tuple[str, ...]:
    values: list[str] = []
    for argument in base.arguments:
        items = argument.items if isinstance(argument, Sequence) else [argument]
        values += [str(scalar(i)) for i in items]
    return tuple(values)
