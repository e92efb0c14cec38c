"""A route answers with data and says nowhere what it is.

## What

Neither a `response_model` nor a return annotation that says what the answer holds: none at all, `Any`,
`dict`, a bare `list`, `dict[str, Any]`. One of the two is enough. Routes that return a `Response`, nothing,
or an explicit `response_model=None` are sound.

## Why

The response model is the filter between the database and the client: without one, every column of a row goes
out, those added next year too. And the OpenAPI document, with all clients made from it, says "anything".

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


@app.get("/notes/{note_id}")  # finding
def read_note(note_id: int):
    with Session(engine) as session:
        return session.get(Note, note_id)
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://")
app = FastAPI()


class NotePublic(SQLModel):
    id: int
    text: str


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes/{note_id}", response_model=NotePublic | None)
def read_note(note_id: int):
    with Session(engine) as session:
        return session.get(Note, note_id)
```

## Fix

Annotate the handler, or name a `response_model`. Where all answers are instances of one schema that is no
table, the annotation is suggested.

## References

- CWE-213, exposure due to incompatible policies: https://cwe.mitre.org/data/definitions/213.html
- https://fastapi.tiangolo.com/tutorial/response-model/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit, Place, Safety, TrailStep
from rules.project.project import Project
from rules.project.responses.answers import Answer
from rules.project.responses.untyped_responses import UntypedResponse, untyped_responses
from rules.project.routing.response_models import type_text
from rules.project.source_edits import replaced
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA207", severity=Severity.MEDIUM, cwe=(213,), owasp=("API3",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each registration."""
    reported: set[Place] = set()
    for found in untyped_responses(project.machine, project.isolation.inspections()):
        place = found.route.place
        if place not in reported:
            reported.add(place)
            yield _hit(project, found)


def _hit(project: Project, found: UntypedResponse) -> Hit:
    route = found.route
    defined = route.definition_place
    constant = found.answers <= {Answer.CONSTANT, Answer.NOTHING, Answer.RESPONSE}
    return Hit(
        place=route.place,
        message=_message(found),
        subject=route.title,
        severity=Severity.INFO if constant else None,
        confidence=_confidence(found),
        trail=(*route.trail(), TrailStep(defined.path, defined.line, f"`{route.name}` gives the answer")),
        fix=_fix(project, found),
    )


def _confidence(found: UntypedResponse) -> Confidence:
    if found.answers & {Answer.DATA, Answer.CONSTANT} or found.inspection.guards.queries:
        return Confidence.HIGH if found.route.resolved else Confidence.MEDIUM
    return Confidence.MEDIUM if found.inspection.run.handler.complete else Confidence.LOW


def _message(found: UntypedResponse) -> str:
    title = found.route.title
    says = f"only `{type_text(found.written)}`" if found.written is not None else "said nowhere"
    return (
        f"`{title}` answers with data whose type is {says}, so whatever the handler holds goes out and "
        "the API description says nothing; annotate the return type or name a `response_model`."
    )


def _fix(project: Project, found: UntypedResponse) -> Fix | None:
    """Annotate the one schema that the handler returns, by the name that its module already has for it."""
    model, defined = found.model, found.route.definition
    schema = project.schemas.get(model.qualified) if model is not None else None
    if model is None or defined is None or found.written is not None or schema is None or schema.is_table:
        return None
    scope = project.machine.scope(defined.module)
    if scope.lookup(model.qualname) is not model:
        return None
    place = found.route.definition_place
    edits = replaced(project.files.get(place.path), place, "):", f") -> {model.qualname}:")
    return Fix(f"Annotate the return type `{model.qualname}`", Safety.SUGGEST, edits) if edits else None
