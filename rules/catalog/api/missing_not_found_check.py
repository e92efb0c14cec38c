"""A row is used without a look whether it was found.

## What

`session.get`, `.first()`, `.one_or_none()` or `.scalar()` looks a row up by what the client sent, and then
its attributes are read or set, it is deleted, or returned under a response model that allows no null, with no
test before that. Calls that raise by themselves (`.one()`, `get_one`) are sound.

## Why

A key that does not exist is an everyday mistake of clients. Here it ends in an `AttributeError` and a 500:
the client learns nothing, the log fills with tracebacks, and alerts ring for what is a 404.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes/{note_id}/text")
def read_text(note_id: int) -> str:
    with Session(engine) as session:
        note = session.get(Note, note_id)  # finding
        return note.text
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


@app.get("/notes/{note_id}/text")
def read_text(note_id: int) -> str:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(status_code=404, detail="Note not found")
        return note.text
```

## Fix

Answer 404 where there is no row. The fix puts the check behind the query, with the project's own words for it
where it has some.

## References

- CWE-476, NULL pointer dereference: https://cwe.mitre.org/data/definitions/476.html
- https://sqlmodel.tiangolo.com/tutorial/fastapi/read-one/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.isolation.standing import steps_to
from rules.project.project import Project
from rules.project.responses.missing_rows import MissingRow, missing_rows
from rules.project.responses.not_found_edits import with_check
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA212", severity=Severity.MEDIUM, cwe=(252, 476))
_DONE = {
    "read": "its attributes are read",
    "written": "it is changed",
    "deleted": "it is deleted",
    "returned": "it is returned under a response model that allows no null",
}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each lookup, however many routes share it."""
    catching = project.catching
    reported: set[Place] = set()
    for inspection in project.isolation.inspections():
        for found in missing_rows(inspection, project.tables, catching):
            if found.by_claim and not project.isolation.ownership.is_user(found.table):
                continue
            place = place_of(found.site)
            if place not in reported:
                reported.add(place)
                yield _hit(project, found, place)


def _hit(project: Project, found: MissingRow, place: Place) -> Hit:
    route, model = found.inspection.route, found.table.model_name
    used = place_of(found.use.origin)
    sure = route.resolved and found.inspection.run.handler.complete
    return Hit(
        place=place,
        message=_message(found),
        subject=f"{route.title} {model}",
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        trail=(
            *steps_to(found.inspection, found.query.effect, f"`{model}` is looked up here"),
            TrailStep(used.path, used.line, f"here {_DONE[found.way]}"),
        ),
        guards_searched=("test for None", "call that raises", "`except` around it", "earlier lookup"),
        fix=None if found.by_claim else with_check(project, found),
    )


def _message(found: MissingRow) -> str:
    title, model, done = found.inspection.route.title, found.table.model_name, _DONE[found.way]
    if found.by_claim:
        return (
            f"`{title}` looks `{model}` up by what the token says, and {done} even if there is none, so the "
            "token of an account that has gone is a 500; answer 401 where it is None."
        )
    return (
        f"`{title}` looks `{model}` up by what the client sent, and {done} even if there is none, so a wrong "
        "key is a 500; answer 404 where it is None."
    )
