"""How a model's column type and the migrated one differ, by classes of types that are stored alike.

The classes are those by which Alembic compares on PostgreSQL (`DefaultImpl.compare_type`): arguments count
where both sides give them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from rules.project.schema.columns import ColumnType
from rules.project.schema.stored_types import StoredType, stored_type

_REAL = {"REAL", "FLOAT4"}
_JSON_BINARY = {"JSONB"}
_DERIVED_BY_VERSION = {"UTCDateTime"}
_COMPARABLE = frozenset(
    {
        "string", "char", "text", "uuid", "integer", "smallint", "bigint", "boolean", "datetime", "date",
        "time", "interval", "float", "real", "numeric", "json", "jsonb", "enum", "binary", "array", "inet",
        "cidr", "macaddr", "tsvector", "hstore", "ltree",
    }
)  # fmt: skip
_ALIKE = (
    frozenset({"uuid", "char"}),
    frozenset({"boolean", "smallint"}),  # MySQL's TINYINT(1)
)
_MADE_BY_DECORATORS = (
    frozenset({"uuid", "char", "string", "binary"}),
    frozenset({"string", "text", "json", "jsonb", "binary", "char"}),
    frozenset({"string", "text", "enum", "integer", "smallint", "char"}),
    frozenset({"datetime", "integer", "bigint", "numeric", "string"}),
)


class Aspect(enum.Enum):
    """What of the types differs."""

    CLASS = "class"
    SPELLING = "spelling"  # stored alike but not the same type: unlimited text, JSON
    LENGTH = "length"
    PRECISION = "precision"
    TIMEZONE = "timezone"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """What differs; `narrower` where the database holds less than the model lets through.

    `certain` is False where versions of the libraries derive different types from the same model.
    """

    aspect: Aspect
    narrower: bool = False
    certain: bool = True


def type_difference(
    model: ColumnType | None, migrated: ColumnType | None, *, enum_values_known: bool = True
) -> TypeDifference | None:
    """The difference of two types; None where they agree or one of them is not known."""
    if model is None or migrated is None or model == migrated:
        return None
    if model.name == migrated.name == "ARRAY":
        return type_difference(model.element, migrated.element, enum_values_known=enum_values_known)
    found: TypeDifference | None = None
    for left in _stored(model):
        for right in _stored(migrated):
            found = _difference(left, right, enum_values_known=enum_values_known)
            if found is None:
                return None
    if found is None or found.aspect is not Aspect.CLASS:
        return found
    if model.implementation is not None or migrated.implementation is not None:
        return _of_decorators(model, migrated, found)
    if model.name == "Enum" and migrated.name == "AutoString":
        return replace(found, certain=False)  # early SQLModel stored enums of strings so
    return found


def _of_decorators(model: ColumnType, migrated: ColumnType, found: TypeDifference) -> TypeDifference | None:
    """A `TypeDecorator` may store something else on each dialect: what it often stores is no difference."""
    if model.name == migrated.name:
        return None
    kinds = {s.kind for declared in (model, migrated) for s in _stored(declared)}
    return None if any(kinds <= group for group in _MADE_BY_DECORATORS) else found


def _stored(declared: ColumnType) -> list[StoredType]:
    """How a type is stored, on each dialect that it names; an enum without a type of its own as text."""
    found = [_refined(declared)]
    if declared.name in {"Enum", "ENUM"} and not declared.native:
        found.append(StoredType("string"))
    return found + [_refined(variant) for variant in declared.variants]


def _refined(declared: ColumnType) -> StoredType:
    stored = stored_type(declared)
    innermost = declared
    while innermost.implementation is not None:
        innermost = innermost.implementation
    if stored.kind == "float" and innermost.name in _REAL:
        return replace(stored, kind="real")
    if stored.kind == "json" and innermost.name in _JSON_BINARY:
        return replace(stored, kind="jsonb")
    if declared.name in _DERIVED_BY_VERSION:
        return replace(stored, timezone=None)
    return stored


def _difference(left: StoredType, right: StoredType, *, enum_values_known: bool) -> TypeDifference | None:
    if left.kind not in _COMPARABLE or right.kind not in _COMPARABLE:
        return None
    kinds = {left.kind, right.kind}
    if len(kinds) > 1:
        if any(kinds <= group for group in _ALIKE):
            return None
        return TypeDifference(_aspect_of_classes(left, right), narrower=_is_narrower(left.kind, right.kind))
    if left.length is not None and right.length is not None and left.length != right.length:
        return TypeDifference(Aspect.LENGTH, narrower=right.length < left.length)
    if _digits_differ(left, right):
        return TypeDifference(Aspect.PRECISION, narrower=_whole_digits(right) < _whole_digits(left))
    if left.timezone is not None and right.timezone is not None and left.timezone != right.timezone:
        return TypeDifference(Aspect.TIMEZONE)
    if enum_values_known and left.values and right.values and set(left.values) != set(right.values):
        return TypeDifference(Aspect.VALUES, narrower=not set(left.values) <= set(right.values))
    return None


def _aspect_of_classes(left: StoredType, right: StoredType) -> Aspect:
    kinds = {left.kind, right.kind}
    unlimited = left.length is None and right.length is None
    if kinds == {"json", "jsonb"} or (kinds == {"string", "text"} and unlimited):
        return Aspect.SPELLING
    return Aspect.CLASS


def _digits_differ(left: StoredType, right: StoredType) -> bool:
    if left.precision is None or left.scale is None or right.precision is None:
        return False
    return (left.precision, left.scale) != (right.precision, right.scale or 0)


def _whole_digits(stored: StoredType) -> int:
    return (stored.precision or 0) - (stored.scale or 0)


def _is_narrower(model: str, migrated: str) -> bool:
    """Whether the migrated class takes fewer values of the same kind."""
    for order in (("smallint", "integer", "bigint"), ("string", "text"), ("real", "float", "numeric")):
        if model in order and migrated in order:
            return order.index(migrated) < order.index(model)
    return True
