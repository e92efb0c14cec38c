"""SQL text that is built from what the client sends.

## What

A text that a request runs as SQL (through `text()`, a driver's `execute`, a literal column) is put together
by an f-string, `+`, `%`, `format` or `join` from a path, query, body, header, form or message value, also
where that goes through helpers and services. Bound parameters, identifiers that the driver quotes, numbers,
UUIDs, enums, literals, patterns and checks against a fixed set are no finding.

## Why

The client writes part of the statement and so reads, changes or deletes any row that the application's
database user can reach. Quoting by hand does not help; the driver's parameters do.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Session, create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.get("/books")
def find_books(title: str) -> list[int]:
    with Session(engine) as session:
        rows = session.execute(text(f"SELECT id FROM book WHERE title = '{title}'"))  # finding
        return [row[0] for row in rows]
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Session, create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.get("/books")
def find_books(title: str) -> list[int]:
    with Session(engine) as session:
        rows = session.execute(text("SELECT id FROM book WHERE title = :title"), {"title": title})
        return [row[0] for row in rows]
```

## Fix

Bind the value (`text("… = :title")` with `{"title": title}`), or use expressions (`Book.title == title`).
Names of columns and directions cannot be bound: look them up in a dict of constants, or ask for a `Literal`
or an enum. Where each value stands alone in one f-string, the change is suggested.

## References

- CWE-89, SQL injection: https://cwe.mitre.org/data/definitions/89.html
- SQLAlchemy, `text()` and bound parameters: https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text
- OWASP API8:2023, security misconfiguration: https://owasp.org/API-Security/editions/2023/en/0xa8-security-misconfiguration/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.bound_parameters import bound
from rules.project.taint.dangers import Danger
from rules.rule import Rule, Severity

RULE = Rule(code="BA318", severity=Severity.CRITICAL, cwe=(89,), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each statement that is run with the client's data in its text."""
    for found in project.taint.of(Danger.SQL):
        source = found.flow.source
        yield Hit(
            place=found.place,
            message=f"{found.title} puts {source.phrase} into the text of a SQL statement: the client can "
            f"write SQL of its own; bind it as a parameter, or take names from a fixed set.",
            subject=f"{found.routes[0].title} {source.name}",
            confidence=found.confidence,
            trail=found.trail,
            guards_searched=found.guards_searched,
            fix=bound(found),
        )
