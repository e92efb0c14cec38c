"""A column's type or length differs between model and migrations.

## What
Replaying the Alembic migrations leaves a column of another type, length, precision, timezone or set of enum
values than its model declares. Types that are stored alike are equal (`AutoString` and `String`, `Uuid` and
`UUID`); lengths and digits are compared where both sides give them.

## Why
The model validates for one type and the database stores another: texts that the model lets through fail with
`value too long`, new enum members with `invalid input value`, comparisons with `operator does not exist`.
Tests on tables made by `create_all` see none of it.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(max_length=64)  # finding


app = FastAPI()
```
```python
# alembic/versions/0001_create_item.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(max_length=64)


app = FastAPI()
```
```python
# alembic/versions/0001_create_item.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
```
```python
# alembic/versions/0002_widen_sku.py
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.alter_column("item", "sku", type_=sa.String(length=64), existing_type=sa.String(length=32))
```

## Fix
Add a revision with `op.alter_column(…, type_=…)`. Widening a length is cheap; a change of the class of type
rewrites the table and may need `postgresql_using`. Where the database is right, change the model. Where the
model's type takes every value of the database's, the finding carries a ready revision.

## References
- https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.alter_column
- https://alembic.sqlalchemy.org/en/latest/autogenerate.html#comparing-types
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rules.finding import Hit
from rules.project.comparison.enum_values import knows_enum_values
from rules.project.comparison.pairs import column_pairs, confidence, revision_of, trail
from rules.project.comparison.type_differences import Aspect, TypeDifference, type_difference
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.columns import Column
    from rules.project.schema.drift import Pair

RULE = Rule(code="BA153", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """Report each column whose stored type is not the declared one."""
    settled = {id(h): knows_enum_values(h.environment) for h in project.migrations}
    for pair in project.drift:
        known = settled[id(pair.history)]
        for column, migrated in column_pairs(pair):
            difference = type_difference(column.type, migrated.type, enum_values_known=known)
            if difference is not None:
                fix = project.drift_revisions.cure(pair, "type", f"{pair.table.key}.{column.name}")
                yield replace(_hit(pair, column, migrated, difference), fix=fix)


def _hit(pair: Pair, column: Column, migrated: Column, difference: TypeDifference) -> Hit:
    table = pair.table
    name = f"{table.key}.{column.name}"
    return Hit(
        place=column.place,
        message=(
            f"`{table.model_name}.{column.attribute}` is {_words(column, difference)} here, but "
            f"{revision_of(pair, column.name)} leaves `{name}` as {_words(migrated, difference)}; correct it "
            f'with `op.alter_column("{table.name}", "{column.name}", type_=…)`, or the model.'
        ),
        subject=name,
        severity=_severity(difference),
        confidence=confidence(pair) if difference.certain else Confidence.LOW,
        trail=trail(pair, column.place, f"`{column.attribute}` declares `{column.type}`", column.name),
    )


def _words(column: Column, difference: TypeDifference) -> str:
    kind = column.type
    if kind is None:
        return "unknown"
    if difference.aspect is Aspect.TIMEZONE:
        return f"`{kind}` {'with' if kind.timezone else 'without'} time zone"
    if difference.aspect is Aspect.VALUES:
        return f"`{kind}` of {', '.join(kind.values)}"
    return f"`{kind}`"


def _severity(difference: TypeDifference) -> Severity:
    """High where what the model lets through does not fit into the database."""
    if difference.aspect is Aspect.SPELLING:
        return Severity.LOW
    return Severity.HIGH if difference.narrower else Severity.MEDIUM
