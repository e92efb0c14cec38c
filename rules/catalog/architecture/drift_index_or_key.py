"""A key, unique constraint or index of the model is not the one that the migrations leave.

## What
Replaying the Alembic migrations leaves a table without an index, unique constraint, primary key or foreign
key that its model declares, with one that the model does not have, or with another `ON DELETE`. Names do not
count, and a unique index is as good as a unique constraint.

## Why
The model's `unique=True` promises what the database then does not enforce, and duplicates come in. A missing
index makes every look-up read the whole table. An `ON DELETE` that only the model has deletes nothing.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)  # finding


app = FastAPI()
```
```python
# alembic/versions/0001_create_account.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)


app = FastAPI()
```
```python
# alembic/versions/0001_create_account.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
```

## Fix
Add a revision that creates or drops it. On a table in use create an index with
`postgresql_concurrently=True`, and look for duplicates before a unique constraint. For indexes and foreign
keys that are missing, and for another `ON DELETE`, the finding carries a ready revision.

## References
- https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.create_index
- https://docs.sqlalchemy.org/en/20/core/constraints.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit, TrailStep
from rules.project.comparison.key_differences import Fault, KeyDifference, key_differences
from rules.project.comparison.pairs import confidence, trail
from rules.project.drafting.key_changes import key_subject
from rules.rule import Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.drift import Pair

RULE = Rule(code="BA155", severity=Severity.MEDIUM)

_NOUNS = {
    "primary": "primary key",
    "unique": "unique constraint",
    "index": "index",
    "foreign": "foreign key",
}


def check(project: Project) -> Iterator[Hit]:
    """Report each key and index that differs."""
    for pair in project.drift:
        if pair.migrated is not None:
            for difference in key_differences(pair.table, pair.migrated):
                yield _hit(project, pair, difference)


def _hit(project: Project, pair: Pair, found: KeyDifference) -> Hit:
    table = pair.table
    over, subject = ", ".join(found.columns), key_subject(table.key, found)
    step = TrailStep(found.place.path, found.place.line, f"`{table.model_name}` declares the columns {over}")
    return Hit(
        place=found.place,
        message=f"{_sentence(pair, found)}; {_cure(pair, found)}.",
        subject=subject,
        severity=Severity.LOW if found.kind == "index" and found.fault is Fault.EXTRA else None,
        confidence=confidence(pair),
        trail=(step, *trail(pair, found.place, _words(found), found.columns[0])[1:]),
        fix=project.drift_revisions.cure(pair, "key", subject),
    )


def _sentence(pair: Pair, found: KeyDifference) -> str:
    model, noun = pair.table.model_name, _words(found)
    if found.fault is Fault.MISSING:
        return f"`{model}` declares {noun}, which no migration leaves on `{pair.table.key}`"
    if found.fault is Fault.EXTRA:
        return f"The migrations leave {noun} on `{pair.table.key}`, which `{model}` does not declare"
    return f"{noun} of `{model}` is {found.model} here and {found.migrated} in the migrations".capitalize()


def _words(found: KeyDifference) -> str:
    article = "an" if found.kind == "index" else "a"
    over = ", ".join(found.columns)
    to = f" to `{found.target}`" if found.target else ""
    if found.fault is Fault.CHANGED:
        noun = "index" if found.kind == "unique" else _NOUNS[found.kind]
        return f"the {noun} on `{over}`{to}"
    return f"{article} {_NOUNS[found.kind]} on `{over}`{to}"


def _cure(pair: Pair, found: KeyDifference) -> str:
    if found.fault is Fault.EXTRA:
        return "declare it on the model, or add a revision that drops it"
    if found.fault is Fault.CHANGED:
        return "add a revision that drops it and creates the declared one"
    columns = ", ".join(f'"{c}"' for c in found.columns)
    table = pair.table.name
    calls = {
        "primary": f'op.create_primary_key(None, "{table}", [{columns}])',
        "unique": f'op.create_unique_constraint(None, "{table}", [{columns}])',
        "index": f'op.create_index(op.f("ix_{table}_{found.columns[0]}"), "{table}", [{columns}])',
        "foreign": f'op.create_foreign_key(None, "{table}", …)',
    }
    return f"add a revision with `{calls[found.kind]}`"
