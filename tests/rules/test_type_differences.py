"""Types that are stored alike are equal; what differs is named."""

from __future__ import annotations

import pytest

from rules.project.comparison.type_differences import Aspect, TypeDifference, type_difference
from rules.project.schema.columns import ColumnType

EQUAL = [
    (ColumnType("AutoString"), ColumnType("String")),
    (ColumnType("AutoString", length=20), ColumnType("VARCHAR", length=20)),
    (ColumnType("String"), ColumnType("String", length=255)),
    (ColumnType("Uuid"), ColumnType("UUID")),
    (ColumnType("Numeric", precision=8, scale=2), ColumnType("DECIMAL", precision=8, scale=2)),
    (ColumnType("Numeric", precision=8, scale=0), ColumnType("NUMERIC", precision=8)),
    (ColumnType("Float"), ColumnType("DOUBLE_PRECISION")),
    (ColumnType("Boolean"), ColumnType("TINYINT")),
    (ColumnType("JSON", variants=(ColumnType("JSONB"),)), ColumnType("JSONB")),
    (ColumnType("Enum", values=("A",), native=False), ColumnType("String", length=1)),
    (ColumnType("GUID", implementation=ColumnType("CHAR")), ColumnType("UUID")),
    (ColumnType("Money"), ColumnType("Integer")),
    (None, ColumnType("Integer")),
]
DIFFERENT = [
    (ColumnType("Integer"), ColumnType("String"), TypeDifference(Aspect.CLASS, narrower=True)),
    (ColumnType("Integer"), ColumnType("BigInteger"), TypeDifference(Aspect.CLASS)),
    (ColumnType("BigInteger"), ColumnType("Integer"), TypeDifference(Aspect.CLASS, narrower=True)),
    (ColumnType("Text"), ColumnType("String"), TypeDifference(Aspect.SPELLING, narrower=True)),
    (ColumnType("JSON"), ColumnType("JSONB"), TypeDifference(Aspect.SPELLING, narrower=True)),
    (
        ColumnType("String", length=9),
        ColumnType("String", length=5),
        TypeDifference(Aspect.LENGTH, narrower=True),
    ),
    (ColumnType("String", length=5), ColumnType("String", length=9), TypeDifference(Aspect.LENGTH)),
    (ColumnType("Float"), ColumnType("REAL"), TypeDifference(Aspect.CLASS, narrower=True)),
    (
        ColumnType("DateTime", timezone=True),
        ColumnType("TIMESTAMP", timezone=False),
        TypeDifference(Aspect.TIMEZONE),
    ),
    (
        ColumnType("Enum", values=("A", "B")),
        ColumnType("Enum", values=("A",)),
        TypeDifference(Aspect.VALUES, narrower=True),
    ),
    (
        ColumnType("ARRAY", element=ColumnType("Integer")),
        ColumnType("ARRAY", element=ColumnType("String")),
        TypeDifference(Aspect.CLASS, narrower=True),
    ),
]


@pytest.mark.parametrize(("model", "migrated"), EQUAL)
def test_alike_types_are_equal(model: ColumnType | None, migrated: ColumnType) -> None:
    assert type_difference(model, migrated) is None


@pytest.mark.parametrize(("model", "migrated", "difference"), DIFFERENT)
def test_differences_are_named(model: ColumnType, migrated: ColumnType, difference: TypeDifference) -> None:
    assert type_difference(model, migrated) == difference


def test_values_of_an_enum_that_was_altered_are_not_compared() -> None:
    model, migrated = ColumnType("Enum", values=("A", "B")), ColumnType("Enum", values=("A",))
    assert type_difference(model, migrated, enum_values_known=False) is None
