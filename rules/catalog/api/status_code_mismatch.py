"""A status that says something else than what happened.

## What

A POST that adds a row and answers 200; 201 from a GET or DELETE; a DELETE that answers 200 with nothing;
403 from the dependency that authenticates, for a missing or invalid credential; 401 for a caller who is known
but lacks the right. Sign-in endpoints, saves that also update, and routes that set the status themselves are
sound.

## Why

Clients go by the status. After 401 they sign in again, after 403 they give up: exchanged, an expired session
shows "forbidden" and a missing right sends people to the sign-in page in a loop. 201 tells generated clients
and caches that something new exists.

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


@app.post("/notes")  # finding
def create_note(text: str) -> Note:
    with Session(engine) as session:
        note = Note(text=text)
        session.add(note)
        session.commit()
        session.refresh(note)
        return note
```

## Good

```python
# app/main.py
from fastapi import FastAPI, status
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.post("/notes", status_code=status.HTTP_201_CREATED)
def create_note(text: str) -> Note:
    with Session(engine) as session:
        note = Note(text=text)
        session.add(note)
        session.commit()
        session.refresh(note)
        return note
```

## Fix

Name the status in the decorator, or raise the right one. Clients see the change, so the fix is a suggestion;
it writes the status as the project does.

## References

- RFC 9110, 201, 204, 401 and 403: https://www.rfc-editor.org/rfc/rfc9110#section-15
- https://fastapi.tiangolo.com/tutorial/response-status-code/
"""

from __future__ import annotations

import http
from collections.abc import Iterator

from rules.finding import Edit, Fix, Hit, Place, Safety, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.isolation.standing import steps_to
from rules.project.project import Project
from rules.project.responses.refusals import WrongRefusal, wrong_refusals
from rules.project.responses.status_mismatches import Meaning, StatusMismatch, status_mismatches
from rules.project.responses.status_spelling import spelling
from rules.project.routing.registration_edits import with_argument
from rules.project.sign_in.endpoints import Kind
from rules.project.source_edits import replaced
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA209", severity=Severity.LOW)
_SEVERITY = {
    Meaning.CREATED: Severity.LOW,
    Meaning.NOT_CREATED: Severity.MEDIUM,
    Meaning.EMPTY: Severity.INFO,
}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each registration and each refusal; none where a specification speaks of the route."""
    specified = {mismatch.place for mismatch in project.api_conformance.mismatches}
    signing_in = {id(c.inspection) for c, kind in project.sign_in_endpoints if kind is not Kind.REGISTRATION}
    reported: set[Place] = set()
    for inspection in project.isolation.inspections():
        for found in status_mismatches(inspection, project.tables, signing_in):
            if found.route.place not in reported | specified:
                reported.add(found.route.place)
                yield _of_route(project, found)
        for refusal in wrong_refusals(project.isolation, inspection):
            place = place_of(refusal.effect.origin)
            if place not in reported:
                reported.add(place)
                yield _of_refusal(project, refusal, place)


def _of_route(project: Project, found: StatusMismatch) -> Hit:
    route = found.route
    steps = route.trail()
    if found.write is not None:
        steps = tuple(steps_to(found.inspection, found.write.effect, "the row is added here"))
    return Hit(
        place=route.place,
        message=_message(found),
        subject=f"{route.title} {found.meaning.value}",
        severity=_SEVERITY[found.meaning],
        confidence=found.confidence,
        trail=steps,
        fix=_fix(project, found),
    )


def _message(found: StatusMismatch) -> str:
    title = found.route.title
    match found.meaning:
        case Meaning.CREATED:
            made = found.write.table.model_name if found.write is not None else "the database"
            return f"`{title}` adds to `{made}` and answers 200; answer 201, which says that it now exists."
        case Meaning.NOT_CREATED:
            return f"`{title}` answers 201, which says that something was created; answer 200."
        case Meaning.EMPTY:
            return f"`{title}` answers 200 with nothing in it (`null`); answer 204, which says so."


def _fix(project: Project, found: StatusMismatch) -> Fix | None:
    route = found.route
    written = spelling(project.machine, project.routes, route.origin.module, found.meant)
    edit = with_argument(route, "status_code", written.text)
    if edit is None or (written.added is not None and written.added.start_line >= edit.start_line):
        return None
    edits: tuple[Edit, ...] = (written.added, edit) if written.added is not None else (edit,)
    return Fix(f"Answer {found.meant}", Safety.SUGGEST, edits)


def _of_refusal(project: Project, found: WrongRefusal, place: Place) -> Hit:
    route = found.inspection.route
    if found.meant == 401:
        message = (
            f"403 is raised here where the request lacks {found.why}, so clients take an expired session for "
            "a missing right and do not sign in again; raise 401 with a `WWW-Authenticate` header."
        )
    else:
        message = (
            "401 is raised here although the caller is known and only lacks the right, so clients ask to "
            "sign in again, in vain; raise 403."
        )
    return Hit(
        place=place,
        message=message,
        subject=f"{found.given} for {found.why}",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM if found.why == "a valid credential" else Confidence.HIGH,
        trail=(*route.trail(), TrailStep(place.path, place.line, f"{found.given} is raised")),
        fix=_fix_of_refusal(project, found, place),
    )


def _fix_of_refusal(project: Project, found: WrongRefusal, place: Place) -> Fix | None:
    """Exchange the status where it is written, however it is written."""
    source = project.files.get(place.path)
    pairs = [
        (str(found.given), str(found.meant)),
        (_name(found.given), _name(found.meant)),
        (f"HTTPStatus.{_member(found.given)}", f"HTTPStatus.{_member(found.meant)}"),
    ]
    for old, new in reversed(pairs):
        edits = replaced(source, place, old, new)
        if edits:
            return Fix(f"Raise {found.meant}", Safety.SUGGEST, edits)
    return None


def _name(code: int) -> str:
    return f"HTTP_{code}_{_member(code)}"


def _member(code: int) -> str:
    return http.HTTPStatus(code).name
