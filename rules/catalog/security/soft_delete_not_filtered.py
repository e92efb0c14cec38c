"""A query that gives away rows which were deleted.

## What

A table marks deleted rows instead of removing them (`deleted_at`, `is_deleted`), most queries of the
routes leave marked rows out or test the fetched row, and this one gives its rows to the client without
doing either. Routes for restoring, for the trash and for administrators, queries that only decide
something, and projects that filter every query by loader criteria are no finding.

## Why

What a user deleted comes back: in a list, in a count, or to everyone who kept the link. It is mostly the
second query of a resource, written after the first one had its filter.

## Bad

```python
# app/main.py
from datetime import datetime

from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
    deleted_at: datetime | None = None


@app.get("/notes")
def read_notes() -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note).where(Note.deleted_at == None)).all())


@app.get("/notes/{note_id}")
def read_note(note_id: int) -> Note:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None or note.deleted_at is not None:
            raise HTTPException(404)
        return note


@app.get("/search")
def search(text: str) -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note).where(Note.text == text)).all())  # finding
```

## Good

```python
# app/main.py
from datetime import datetime

from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
    deleted_at: datetime | None = None


@app.get("/notes")
def read_notes() -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note).where(col(Note.deleted_at).is_(None))).all())


@app.get("/notes/{note_id}")
def read_note(note_id: int) -> Note:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None or note.deleted_at is not None:
            raise HTTPException(404)
        return note


@app.get("/trash")
def read_trash() -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note).where(col(Note.deleted_at).is_not(None))).all())
```

## Fix

Add the criterion that the other queries have, or filter all of them in one place, with
`with_loader_criteria` in a `do_orm_execute` listener. The fix adds the criterion to a statement, not to a
fetch by key.

## References

- CWE-672, operation on a resource after expiration or release: https://cwe.mitre.org/data/definitions/672.html
- OWASP API1:2023: https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
- SQLAlchemy, global criteria: https://docs.sqlalchemy.org/en/20/orm/session_events.html#adding-global-where-on-criteria
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.isolation.soft_deletes import unfiltered_queries
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.project.repairs.deletion_marks import without_deleted
from rules.rule import Rule, Severity

RULE = Rule(code="BA310", severity=Severity.MEDIUM, cwe=(672,), owasp=("API1",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each query that gives deleted rows to clients."""
    reported: set[Place] = set()
    for found in unfiltered_queries(project.isolation):
        place = standing_of(found.inspection, found.effect)
        if place in reported:
            continue
        reported.add(place)
        model, route = found.table.model_name, found.inspection.route
        other = place_of(found.filtered)
        yield Hit(
            place=place,
            message=(
                f"`{route.title}` takes `{model}` rows whether `{found.mark}` is set or not, "
                f"as other queries of `{model}` do not; leave deleted rows out."
            ),
            subject=f"{route.title} {found.table.key}",
            confidence=found.confidence,
            trail=(
                *steps_to(found.inspection, found.effect, f"`{model}` is queried without `{found.mark}`"),
                TrailStep(other.path, other.line, f"this query of `{model}` looks at `{found.mark}`"),
            ),
            guards_searched=("criterion in the query", "test of the fetched row", "global criteria"),
            fix=without_deleted(project.isolation, found),
        )
