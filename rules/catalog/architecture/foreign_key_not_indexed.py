"""A foreign-key column has no index.

## What
No index, unique constraint or primary key begins with the column of a foreign key, neither in the model nor
in the migrations.

## Why
PostgreSQL and SQLite index the referenced side alone. Each look-up of the rows that belong to a parent, each
join, and each delete of a parent (which must find its children) reads the whole table.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")  # finding


app = FastAPI()
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id", index=True)


app = FastAPI()
```

## Fix
Say `index=True`, and create the index in a revision (with `postgresql_concurrently=True` on a table in use);
the fix does both. A small table that nobody searches by the key can do without.

## References
- https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
- https://sqlmodel.tiangolo.com/tutorial/indexes/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit, TrailStep
from rules.project.drafting.index_fixes import index_fix
from rules.project.relations.unindexed_keys import UnindexedKey, unindexed_keys
from rules.rule import Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA159", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """Report each foreign-key column without an index, once where it is declared."""
    seen = set()
    for found in unindexed_keys(project):
        if found.column.place not in seen:
            seen.add(found.column.place)
            yield _hit(project, found)


def _hit(project: Project, found: UnindexedKey) -> Hit:
    table, column = found.table, found.column
    target = column.foreign_keys[0].target
    return Hit(
        place=column.place,
        message=(
            f"`{table.model_name}.{column.attribute}` references `{target}` and no index begins with it, so "
            f"each search for the rows of one `{target}` reads the whole table; add `index=True`."
        ),
        subject=f"{table.key}.{column.name}",
        severity=Severity.LOW if found.in_primary else None,
        trail=(
            TrailStep(column.place.path, column.place.line, f"`{column.attribute}` references `{target}`"),
            TrailStep(table.place.path, table.place.line, f"`{table.model_name}` declares no index on it"),
        ),
        fix=index_fix(project, column),
    )
