"""A column that names a user and has no foreign key to the user table.

## What

A table of the project has a column such as `user_id`, `owner_id` or `created_by`, of the type of the user
table's key, without a foreign key. Logs, histories and other records that outlive users are no finding,
nor are columns of another type, as ids of an external identity provider are, nor such that belong to
another table.

## Why

The database accepts rows of users who do not exist, and keeps the rows of those who were deleted, until a
new user gets the same key and with it the old rows. Joins and relationships do not know the tie, and
neither does this reviewer as surely: isolation is judged by keys.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Project(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(index=True)  # finding
    text: str
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True, ondelete="CASCADE")
    text: str


class AuditLog(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    user_id: int
    action: str
```

## Fix

Declare the key: `Field(foreign_key="user.id", index=True)` or `ForeignKey("user.id")`, say what happens
when the user is deleted (`ondelete`), and add a migration that first removes rows of users who do not
exist. The fix declares the key of a SQLModel field and writes the revision.

## References

- CWE-639, authorization bypass through user-controlled key: https://cwe.mitre.org/data/definitions/639.html
- OWASP API1:2023: https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
- SQLModel, foreign keys: https://sqlmodel.tiangolo.com/tutorial/connect/create-connected-tables/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place, TrailStep
from rules.project.drafting.index_fixes import reference_fix
from rules.project.isolation.owner_links import Unlinked, unlinked_columns
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA309", severity=Severity.MEDIUM, cwe=(639,), owasp=("API1",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each column that names users without a key to them."""
    reported: set[Place] = set()
    for found in unlinked_columns(project.isolation):
        table, column = found.table, found.column
        if column.place in reported:
            continue  # a mixin's column, once for all its tables
        reported.add(column.place)
        key = next(c for c in found.users.columns.values() if c.primary_key)
        name, target = column.attribute or column.name, found.users.model_name
        yield Hit(
            place=column.place,
            message=(
                f"`{table.model_name}.{name}` names a `{target}` and has no foreign key, so the database "
                f"keeps rows whose `{target}` does not exist; "
                f'declare it: `foreign_key="{found.users.key}.{key.name}"`.'
            ),
            subject=f"{table.key}.{column.name}",
            confidence=found.confidence,
            trail=tuple(_trail(found)),
            fix=reference_fix(project, column, f"{found.users.key}.{key.name}"),
        )


def _trail(found: Unlinked) -> Iterator[TrailStep]:
    column, users = found.column.place, found.users
    yield TrailStep(column.path, column.line, f"`{found.column.name}` is declared without a foreign key")
    yield TrailStep(users.place.path, users.place.line, f"`{users.model_name}` holds whom or what it names")
    if found.precedent is not None:
        table, linked = found.precedent
        yield TrailStep(
            linked.place.path, linked.place.line, f"`{table.model_name}.{linked.name}` does have the key"
        )
