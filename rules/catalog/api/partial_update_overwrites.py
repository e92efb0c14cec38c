"""A partial update overwrites what the client did not send.

## What

A PATCH, or a PUT whose model has only optional fields, dumps its body with all defaults (`model_dump()`
without `exclude_unset=True`) and stores that. Also, as lesser faults: None filtered out of the payload, so
that nothing can be cleared, and a PUT that stores only what was sent.

## Why

A client that sends `{"title": "x"}` sets everything else to the defaults, which mostly means to NULL: rows
lose data silently. `exclude_none` keeps the data, but a client can no longer empty a field.

## Bad

```python
# app/main.py
from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class NoteUpdate(SQLModel):
    title: str | None = None
    text: str | None = None


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    text: str


@app.patch("/notes/{note_id}")
def update_note(note_id: int, data: NoteUpdate) -> Note:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(404)
        note.sqlmodel_update(data.model_dump())  # finding
        session.commit()
        return note
```

## Good

```python
# app/main.py
from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class NoteUpdate(SQLModel):
    title: str | None = None
    text: str | None = None


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    text: str


@app.patch("/notes/{note_id}")
def update_note(note_id: int, data: NoteUpdate) -> Note:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(404)
        note.sqlmodel_update(data.model_dump(exclude_unset=True))
        session.commit()
        return note
```

## Fix

Dump with `exclude_unset=True`: what the client did not send stays as it is, what it sent as null is cleared.
The fix does so for a PATCH. A PUT that changes only what was sent is a PATCH: change the method, or require
all fields.

## References

- https://fastapi.tiangolo.com/tutorial/body-updates/#using-pydantics-exclude_unset-parameter
- RFC 5789, PATCH: https://www.rfc-editor.org/rfc/rfc5789
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Edit, Fix, Hit, Place, Safety
from rules.project.isolation.placement import place_of
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.project.updates.partial_updates import PartialUpdate, Update, partial_updates
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA216", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each payload, however many routes share it."""
    schemas = {id(schema.model): schema for schema in project.schemas.values()}
    reported: set[Place] = set()
    for inspection in project.isolation.inspections():
        for found in partial_updates(inspection, schemas, project.frames):
            place = standing_of(inspection, found.made)
            if place not in reported:
                reported.add(place)
                yield _hit(found, place)


def _hit(found: PartialUpdate, place: Place) -> Hit:
    overwrites = found.kind is Update.OVERWRITES
    complete = found.inspection.route.resolved and found.inspection.run.handler.complete
    return Hit(
        place=place,
        message=_message(found),
        subject=f"{found.inspection.route.title} {found.schema.name}",
        severity=None if overwrites else Severity.LOW,
        confidence=Confidence.LOW
        if found.kind is Update.CANNOT_CLEAR
        else Confidence.HIGH
        if complete
        else Confidence.MEDIUM,
        trail=(
            *steps_to(found.inspection, found.made, f"`{found.schema.name}` becomes a dict here"),
            *list(steps_to(found.inspection, found.change, "it is stored here"))[-1:],
        ),
        fix=_fix(found) if overwrites and _is_patch(found) else None,
    )


def _message(found: PartialUpdate) -> str:
    title, model = found.inspection.route.title, found.schema.name
    optional = [name for name, field in found.schema.fields.items() if not field.required]
    names = ", ".join(f"`{name}`" for name in optional[:3])
    match found.kind:
        case Update.OVERWRITES:
            return (
                f"`{title}` stores every field of `{model}`, those too that the client did not send: "
                f"{names} fall back to their defaults; {_way_out(found)}."
            )
        case Update.CANNOT_CLEAR:
            return (
                f"`{title}` drops every None of `{model}`, so that no client can clear {names}; dump with "
                "`exclude_unset=True`, which keeps a null that was sent."
            )
        case Update.PARTIAL_PUT:
            return (
                f"`{title}` is a PUT that changes only the fields that were sent, as a PATCH does; make it "
                f"a PATCH, or require all fields of `{model}`."
            )


def _is_patch(found: PartialUpdate) -> bool:
    """Whether no PUT stores it: one that stores only what was sent has the opposite fault."""
    return "PUT" not in found.inspection.route.methods


def _way_out(found: PartialUpdate) -> str:
    if _is_patch(found):
        return "dump with `exclude_unset=True`"
    model = found.schema.name
    return f"make it a PATCH that dumps with `exclude_unset=True`, or require all fields of `{model}`"


def _fix(found: PartialUpdate) -> Fix | None:
    """Add the argument before the closing parenthesis of the call that dumps."""
    source = found.dump.origin.module.source
    place = place_of(found.dump.origin)
    line = source.lines[place.end_line - 1]
    before, after = line[: place.end_column - 2], line[place.end_column - 2 :]
    if not after.startswith(")") or before.rstrip().endswith(",") or not before.strip():
        return None
    comma = "" if before.endswith("(") else ", "
    edit = Edit(source.path, place.end_line, place.end_line, f"{before}{comma}exclude_unset=True{after}\n")
    return Fix("Store only what the client sent", Safety.SUGGEST, (edit,))
