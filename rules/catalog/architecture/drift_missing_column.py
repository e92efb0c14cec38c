"""A model declares a column or table that no migration creates.

## What
Replaying the Alembic migrations on an empty database leaves a table without a column that its model
declares, or leaves no such table at all.

## Why
The code is deployed with the model, the database with the migrations. Every query of the model names every
column, so the first request after the deployment fails with `UndefinedColumn` or `UndefinedTable`; on the
developer's machine, where `create_all` made the tables, nothing is to be seen.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
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
        sa.Column("title", sa.String(), nullable=False),
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
        sa.Column("title", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
```
```python
# alembic/versions/0002_add_item_sku.py
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("item", sa.Column("sku", sa.String(length=64), nullable=False, server_default=""))
```

## Fix
Add a revision that creates the column or table. The finding carries one, ready to read and commit, for all
drift of its environment that can be ended without asking a person: a required column gets a `server_default`
for the rows that exist, an index is built without a lock. Required references, enumerations, and a column
that another one may have been renamed to are left to you (`alembic revision --autogenerate`).

## References
- https://alembic.sqlalchemy.org/en/latest/autogenerate.html
- https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.add_column
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit, TrailStep
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.columns import Column
    from rules.project.schema.drift import Pair

RULE = Rule(code="BA151", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """Report each column and table of a model that the migrations do not give."""
    for pair in project.drift:
        if pair.migrated is None:
            yield _missing_table(project, pair)
        for column in pair.missing_columns():
            yield _missing_column(project, pair, column)


def _missing_table(project: Project, pair: Pair) -> Hit:
    table = pair.table
    return Hit(
        place=table.place,
        message=(
            f"`{table.model_name}` maps the table `{table.key}`, which none of the {_count(pair)} creates; "
            f'add a revision with `op.create_table("{table.name}", …)`.'
        ),
        subject=table.key,
        confidence=Confidence.HIGH if pair.certain else Confidence.MEDIUM,
        trail=(_step_of_model(pair), *_steps_of_head(pair, f"no migration creates `{table.key}`")),
        fix=project.drift_revisions.cure(pair, "table", table.key),
    )


def _missing_column(project: Project, pair: Pair, column: Column) -> Hit:
    table = pair.table
    dropped = pair.last_drop(column.name)
    ending = f"revision {dropped.revision} drops it" if dropped else f"none of the {_count(pair)} adds it"
    created = pair.migrated.steps[0] if pair.migrated is not None and pair.migrated.steps else None
    seen = [s for s in (created, dropped) if s is not None]
    return Hit(
        place=column.place,
        message=(
            f"`{table.model_name}.{column.attribute}` is a column of `{table.key}` here, but {ending}; "
            f'add a revision with `op.add_column("{table.name}", sa.Column("{column.name}", …))`.'
        ),
        subject=f"{table.key}.{column.name}",
        confidence=Confidence.HIGH if pair.certain else Confidence.LOW,
        trail=(
            TrailStep(column.place.path, column.place.line, f"`{column.attribute}` declares `{column.name}`"),
            *(TrailStep(s.place.path, s.place.line, f"revision {s.revision} {s.note}") for s in seen),
            *_steps_of_head(pair, f"`{table.key}` has no `{column.name}` after this revision"),
        ),
        fix=project.drift_revisions.cure(pair, "column", f"{table.key}.{column.name}"),
    )


def _step_of_model(pair: Pair) -> TrailStep:
    place = pair.table.place
    return TrailStep(place.path, place.line, f"`{pair.table.model_name}` maps `{pair.table.key}`")


def _steps_of_head(pair: Pair, note: str) -> Iterator[TrailStep]:
    for head in pair.history.environment.heads():
        yield TrailStep(head.place.path, head.place.line, f"head {head.identifier}: {note}")


def _count(pair: Pair) -> str:
    number = len(pair.history.replay.revisions)
    return f"{number} migrations" if number != 1 else "1 migration"
