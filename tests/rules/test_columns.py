"""Column facts: types as they are shown and stored, default names of constraints."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from rules.finding import Place
from rules.project.migrations.constraint_names import conventional_name, default_name
from rules.project.schema.columns import Column, ColumnType, ForeignKey
from rules.project.schema.stored_types import StoredType, stored_type


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        (sa.String(30), ColumnType("String", length=30)),
        (sa.Numeric(10, 2), ColumnType("Numeric", precision=10, scale=2)),
        (sa.Text(), ColumnType("Text")),
    ],
)
def test_a_type_is_shown_as_sqlalchemy_writes_it(
    declared: sa.types.TypeEngine[object], shown: ColumnType
) -> None:
    expected = repr(declared).replace("()", "").replace("length=", "")
    assert str(shown) == expected.replace("precision=", "").replace("scale=", "")


@pytest.mark.parametrize(
    ("model", "migration"),
    [
        (ColumnType("AutoString", length=20), ColumnType("String", length=20)),
        (ColumnType("Uuid"), ColumnType("UUID")),
        (ColumnType("GUID", implementation=ColumnType("CHAR", length=36)), ColumnType("CHAR", length=36)),
        (ColumnType("UTCDateTime", timezone=True), ColumnType("TIMESTAMP", timezone=True)),
        (ColumnType("Enum", values=("a",)), ColumnType("ENUM", values=("a",))),
        (ColumnType("Double"), ColumnType("Float")),
    ],
)
def test_types_that_are_stored_alike_are_equal(model: ColumnType, migration: ColumnType) -> None:
    assert stored_type(model) == stored_type(migration)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ColumnType("String", length=20), ColumnType("String", length=30)),
        (ColumnType("Integer"), ColumnType("BigInteger")),
        (ColumnType("DateTime", timezone=True), ColumnType("DateTime", timezone=False)),
        (ColumnType("Numeric", precision=5), ColumnType("Numeric", precision=6)),
    ],
)
def test_types_that_are_stored_differently_differ(one: ColumnType, other: ColumnType) -> None:
    assert stored_type(one) != stored_type(other)


def test_a_type_that_is_not_known_has_no_class() -> None:
    assert stored_type(None) == StoredType("")


def test_a_record_shows_the_target_of_the_first_key() -> None:
    column = Column(
        name="owner_id", place=Place("m.py", 3), nullable=None, foreign_keys=(ForeignKey("user.id"),)
    )
    record = column.record()
    assert (record.foreign_key, record.nullable, record.type) == ("user.id", True, "NullType")
    assert (column.foreign_keys[0].table, column.foreign_keys[0].column) == ("user", "id")


@pytest.mark.parametrize(
    ("kind", "table", "columns", "taken", "name"),
    [
        ("primary", "t", ("a",), (), "t_pkey"),
        ("unique", "t", ("a", "b"), (), "t_a_b_key"),
        ("unique", "t", ("a",), ("t_a_key",), "t_a_key1"),
        ("foreign", "t", ("a",), (), "t_a_fkey"),
        ("index", "t", ("a", "b"), (), "ix_t_a"),
    ],
)
def test_unnamed_constraints_have_the_names_postgresql_gives(
    kind: str, table: str, columns: tuple[str, ...], taken: tuple[str, ...], name: str
) -> None:
    assert default_name(kind, table, columns, taken) == name


def test_a_naming_convention_names_what_it_has_a_template_for() -> None:
    convention = {
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ck": "ck_%(constraint_name)s",
    }
    metadata = sa.MetaData(naming_convention=convention)
    sa.Table("team", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table("user", metadata, sa.Column("team_id", sa.ForeignKey("team.id")))
    (key,) = table.foreign_key_constraints
    assert conventional_name(convention, "foreign", "user", ("team_id",), ("team.id",)) == key.name
    assert conventional_name(convention, "unique", "user", ("team_id",)) is None
    assert conventional_name(convention, "check", "user", ("team_id",)) is None
