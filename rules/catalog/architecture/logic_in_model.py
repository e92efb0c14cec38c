"""A model that does a service's work.

## What
A method of a table model or a schema opens or uses a database session, queries, commits, sends requests or
mail, opens files, imports services or routes inside it, or raises an `HTTPException`. Validators, conversions
and properties over the model's own columns are what methods of models are for.

## Why
A model is imported everywhere. One that needs a session, a mail server or the web framework drags all of that
along, cannot be used in a migration or a worker, and hides a commit behind what looks like an attribute.
Whoever reads the service no longer sees what a request does.

## Bad
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    is_archived: bool = False

    def archive(self, session: Session) -> None:
        self.is_archived = True
        session.add(self)  # finding
        session.commit()


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/archive")
def archive(session: Annotated[Session, Depends(get_session)]) -> None:
    Note().archive(session)
```

## Good
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    is_archived: bool = False


def archive_note(session: Session, note: Note) -> None:
    note.is_archived = True
    session.add(note)
    session.commit()


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/archive")
def archive(session: Annotated[Session, Depends(get_session)]) -> None:
    archive_note(session, Note())
```

## Fix
Move the method into a service that gets the session and the model.

## References
- https://martinfowler.com/eaaCatalog/serviceLayer.html
- https://fastapi.tiangolo.com/tutorial/bigger-applications/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.layering.model_logic import model_logic
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA101", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each method."""
    for found in model_logic(project):
        cls, method = found.cls.node.name, found.method
        place = found.module.source.place(method)
        yield Hit(
            place=found.place,
            message=f"`{cls}.{method.name}` {found.does}, which is no model's work; move it into a service.",
            subject=f"{found.cls.qualname}.{method.name}",
            trail=(TrailStep(place.path, place.line, f"a method of the model `{cls}`"),),
            guards_searched=("validator of its own fields", "conversion", "property over its own columns"),
        )
