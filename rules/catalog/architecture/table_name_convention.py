"""A table is named otherwise than the project names its tables.

## What
A few tables are singular where at least four in five are plural, or the reverse; or a table bears SQLModel's
default, the class name in lower case, so that its words run together beside tables with underscores.

## Why
Foreign keys name tables as text. Where names follow no rule, each has to be looked up, and the wrong guess is
found only when the mappers are configured.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class OrderLine(SQLModel, table=True):
    __tablename__ = "order_line"

    id: int | None = Field(default=None, primary_key=True)


class UserGroup(SQLModel, table=True):  # finding
    id: int | None = Field(default=None, primary_key=True)


app = FastAPI()
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class OrderLine(SQLModel, table=True):
    __tablename__ = "order_line"

    id: int | None = Field(default=None, primary_key=True)


class UserGroup(SQLModel, table=True):
    __tablename__ = "user_group"

    id: int | None = Field(default=None, primary_key=True)


app = FastAPI()
```

## Fix
Give the table its name with `__tablename__`, and rename it in a revision with `op.rename_table`. Foreign keys
that name it as text must follow.

## References
- https://sqlmodel.tiangolo.com/tutorial/create-db-and-table/
- https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit, TrailStep
from rules.project.relations.table_naming import OddName, odd_names
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA163", severity=Severity.INFO)


def check(project: Project) -> Iterator[Hit]:
    """Report each table that leaves the project's own convention."""
    for odd in odd_names(project):
        yield _hit(odd)


def _hit(odd: OddName) -> Hit:
    table, like = odd.table, odd.like
    return Hit(
        place=table.place,
        message=(
            f"`{table.model_name}` maps the table `{table.key}`, while most others are named "
            f"{odd.convention}, like `{like.key}`; name it `{odd.better}`."
        ),
        subject=table.key,
        confidence=Confidence.MEDIUM,
        trail=(
            TrailStep(table.place.path, table.place.line, f"`{table.key}`"),
            TrailStep(like.place.path, like.place.line, f"`{like.key}`"),
        ),
    )
