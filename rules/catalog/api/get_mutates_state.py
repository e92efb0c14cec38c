"""A GET changes data.

## What

A route that answers GET or HEAD adds, changes or deletes rows, itself or through what it calls. What only
observes is sound: columns such as `last_seen` or `view_count`, tables such as an audit log or a cache.
Dependencies are not judged.

## Why

Browsers, proxies, crawlers and link previews send GET on their own, repeat it and answer it from a cache:
rows are written that nobody asked for, or a change that somebody did ask for never arrives. A link or an
image on another site is enough to send it with the user's cookies.

## Bad

```python
# app/main.py
from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes/{note_id}/discard")
def discard_note(note_id: int) -> None:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(404)
        session.delete(note)  # finding
        session.commit()
```

## Good

```python
# app/main.py
from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.delete("/notes/{note_id}", status_code=204)
def discard_note(note_id: int) -> None:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(404)
        session.delete(note)
        session.commit()
```

## Fix

Answer POST, PUT, PATCH or DELETE, whichever says what is done. A link in a mail leads to a page whose form
posts; a row that is made on first use is made where its owner is.

## References

- RFC 9110, safe methods: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
- CWE-650, trusting HTTP permission methods on the server side: https://cwe.mitre.org/data/definitions/650.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.project.sessions.row_writes import Change
from rules.project.updates.safe_methods import UnsafeRead, unsafe_reads
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA201", severity=Severity.HIGH, cwe=(650,), owasp=("API8",))
_METHOD = {Change.ADDS: "POST", Change.CHANGES: "PATCH or PUT", Change.DELETES: "DELETE"}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each route, at its first write."""
    reported: set[Place] = set()
    for found in unsafe_reads(project):
        place = standing_of(found.inspection, found.write.effect)
        if place not in reported:
            reported.add(place)
            yield _hit(found, place)


def _hit(found: UnsafeRead, place: Place) -> Hit:
    route, write = found.inspection.route, found.write
    what = f"{write.table.model_name}.{write.attribute}" if write.attribute else write.table.model_name
    return Hit(
        place=place,
        message=f"`{route.title}` {write.change.value} `{what}`, {_advice(found)}.",
        subject=f"{route.title} {write.change.value} {what}",
        severity=_severity(found),
        confidence=_confidence(found),
        trail=tuple(steps_to(found.inspection, write.effect, f"`{what}` is written here")),
        guards_searched=("columns and tables that only observe", "links and redirects", "commit"),
    )


def _advice(found: UnsafeRead) -> str:
    if found.followed:
        return (
            "which a link or redirect leads to, so it can hardly be another method; make sure that nothing "
            "happens when it is opened twice, or by a preview"
        )
    return (
        "although browsers, crawlers and caches send and repeat such requests on their own; answer "
        f"{_METHOD[found.write.change]} instead"
    )


def _severity(found: UnsafeRead) -> Severity | None:
    if found.followed:
        return Severity.INFO
    return Severity.MEDIUM if found.on_demand else None


def _confidence(found: UnsafeRead) -> Confidence:
    if not found.committed:
        return Confidence.LOW
    sure = found.inspection.route.resolved and not found.on_demand and not found.followed
    return Confidence.HIGH if sure else Confidence.MEDIUM
