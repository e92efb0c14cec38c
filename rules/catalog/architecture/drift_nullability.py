"""A column may be NULL in the model and not in the migrations, or the reverse.

## What
Replaying the Alembic migrations leaves a column NOT NULL that its model declares nullable, or nullable where
the model demands a value.

## Why
Where the database is stricter, an insert that the model allows fails with `NotNullViolation`, in production
alone if tests create their tables from the models. Where it is laxer, rows with NULL may exist, and code
that trusts the annotation fails on them.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    note: str | None = None  # finding


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
        sa.Column("note", sa.String(), nullable=False),
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
    note: str | None = None


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
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
```

## Fix
Add a revision with `op.alter_column(…, nullable=…)`. Before a column becomes NOT NULL, give the rows that
hold NULL a value in the same revision or an earlier one. The finding carries a ready revision where such a
value is known: the model's constant default, or the neutral value of the type.

## References
- https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.alter_column
- https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit
from rules.project.comparison.pairs import column_pairs, confidence, revision_of, trail
from rules.rule import Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.columns import Column
    from rules.project.schema.drift import Pair

RULE = Rule(code="BA154", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """Report each column whose nullability differs; keys are never NULL."""
    for pair in project.drift:
        for column, migrated in column_pairs(pair):
            if column.primary_key or column.nullable is None or migrated.nullable is None:
                continue
            if column.nullable != migrated.nullable and not _is_key(pair, column.name):
                yield _hit(project, pair, column)


def _is_key(pair: Pair, column: str) -> bool:
    keys = pair.migrated.keys if pair.migrated is not None else []
    return any(k.kind == "primary" and column in k.columns for k in keys)


def _hit(project: Project, pair: Pair, column: Column) -> Hit:
    table = pair.table
    here, there = ("may be NULL", "NOT NULL") if column.nullable else ("is NOT NULL", "nullable")
    name = f"{table.key}.{column.name}"
    return Hit(
        place=column.place,
        message=(
            f"`{table.model_name}.{column.attribute}` {here} here, but "
            f"{revision_of(pair, column.name)} leaves `{name}` {there}; add a revision with "
            f'`op.alter_column("{table.name}", "{column.name}", nullable={column.nullable})`.'
        ),
        subject=name,
        severity=None if column.nullable else Severity.MEDIUM,
        confidence=confidence(pair),
        trail=trail(pair, column.place, f"`{column.attribute}` {here}", column.name),
        fix=project.drift_revisions.cure(pair, "nullability", name),
    )
