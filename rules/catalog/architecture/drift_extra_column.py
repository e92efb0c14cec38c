"""The migrations leave a column or table that no model has.

## What
Replaying the Alembic migrations leaves a column that its table's model does not declare, or a table that no
model maps.

## Why
The next `alembic revision --autogenerate` drops it, with the data. Until then a column that is NOT NULL and
has no server default makes every insert through the model fail.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):  # finding
    id: int | None = Field(default=None, primary_key=True)
    title: str


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
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("legacy_code", sa.String(), nullable=False),
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
    title: str


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
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("legacy_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
```
```python
# alembic/versions/0002_drop_legacy_code.py
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_column("item", "legacy_code")
```

## Fix
Declare the column on the model if code or people still need it; otherwise drop it in a revision of its own,
after the release that no longer uses it.

## References
- https://alembic.sqlalchemy.org/en/latest/autogenerate.html#what-does-autogenerate-detect-and-what-does-it-not-detect
- https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.drop_column
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit
from rules.project.comparison.extras import ExtraColumn, ExtraTable, extra_columns, extra_tables
from rules.project.comparison.pairs import confidence, revision_of, step_trail, trail
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA152", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """Report each column and table that only the migrations know."""
    yield from map(_column, extra_columns(project))
    yield from map(_table, extra_tables(project))


def _column(extra: ExtraColumn) -> Hit:
    table, column = extra.pair.table, extra.column
    name = f"{table.key}.{column.name}"
    required = column.nullable is False and not column.server_default
    consequence = ", NOT NULL and without a default: inserts through the model fail" if required else ""
    like = f" (is it `{extra.renamed.attribute}`, renamed without a migration?)" if extra.renamed else ""
    return Hit(
        place=table.place,
        message=(
            f"{revision_of(extra.pair, column.name).capitalize()} leaves `{name}`, which "
            f"`{table.model_name}` does not declare{consequence}{like}; declare it, or add a revision with "
            f'`op.drop_column("{table.name}", "{column.name}")`.'
        ),
        subject=name,
        confidence=confidence(extra.pair),
        trail=trail(extra.pair, table.place, f"`{table.model_name}` maps `{table.key}`", column.name),
    )


def _table(extra: ExtraTable) -> Hit:
    table = extra.table
    steps = step_trail(table.steps[0] if table.steps else None)
    return Hit(
        place=table.place,
        message=(
            f"The migrations create the table `{table.key}`, which no model maps; add a model, or a revision "
            f'with `op.drop_table("{table.name}")`.'
        ),
        subject=table.key,
        confidence=Confidence.MEDIUM if extra.certain else Confidence.LOW,
        trail=steps,
    )
