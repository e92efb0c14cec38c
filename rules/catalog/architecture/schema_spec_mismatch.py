"""The models are not what the schema's specification says.

## What

The repository declares its schema (SQL in `schema.sql`, DBML, or tables in Markdown below `specs/`; or what
`schema-spec` names) and a model differs from it: a table or column is missing, a column is of another type,
length or nullability, a key is another. What the specification does not mention is no finding,
and types that are stored alike are equal.

## Why

The specification is what other services, reports and migrations by hand rely on. A database that is made from
the one and code that is written against the other fail at run time.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    sku: str | None = Field(default=None, max_length=32)  # finding


app = FastAPI()
```
```sql
-- schema.sql
CREATE TABLE item (
    id integer PRIMARY KEY,
    sku varchar(32) NOT NULL
);
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(max_length=32)
    note: str | None = None


app = FastAPI()
```
```sql
-- schema.sql
CREATE TABLE item (
    id integer PRIMARY KEY,
    sku varchar(32) NOT NULL
);
```

## Fix

Change the model and add a migration. Where the model is right, change the specification in the same pull
request.

## References

- https://www.postgresql.org/docs/current/sql-createtable.html
- https://dbml.dbdiagram.io/docs/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA156", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each difference, on the model's column, or its class for what it lacks."""
    for found in project.schema_conformance.mismatches:
        specified = found.specified
        yield Hit(
            place=found.place,
            message=f"{found.said[:1].upper()}{found.said[1:]}.",
            subject=f"{found.subject} {found.said}",
            severity=found.severity,
            confidence=found.confidence,
            trail=(TrailStep(specified.path, specified.line, "specified here"),),
        )
