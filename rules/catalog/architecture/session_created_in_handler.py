"""A session or engine that a handler or service makes for itself.

## What
On the way of a request a handler, or a function that it calls, opens a database session or makes an engine
instead of taking the session that a dependency gives.

## Why
Such a session is outside the request's transaction: what the handler wrote may stand while what the service
wrote is rolled back. Tests cannot replace it by `dependency_overrides`, and each layer that opens its own
takes one more connection of the pool. An engine made in a request is a whole new pool, every time.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes")
def read_notes() -> list[Note]:
    with Session(engine) as session:  # finding
        return list(session.exec(select(Note).limit(50)).all())
```

## Good
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/notes")
def read_notes(session: Annotated[Session, Depends(get_session)]) -> list[Note]:
    return list(session.exec(select(Note).limit(50)).all())
```

## Fix

Take the session as a parameter (`Annotated[Session, Depends(get_session)]`) and pass it on to the services.
Websockets, streamed responses and background work outlive their request and open sessions of their own. The
fix does so for a handler that opens one in a plain `with`, as the handlers beside it ask for theirs.

## References
- https://fastapi.tiangolo.com/tutorial/sql-databases/#create-a-session-dependency
- https://docs.sqlalchemy.org/en/20/orm/session_basics.html#session-faq-whentocreate
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.standing import steps_to
from rules.project.project import Project
from rules.project.repairs.session_parameters import injected_session
from rules.project.sessions.opened_in_handlers import Opened, opened_in_handlers, provider
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA103", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each place that opens a session in a request."""
    injected = ""
    for found in opened_in_handlers(project):
        injected = injected or provider(project)
        yield Hit(
            place=found.place,
            message=_message(found, injected),
            subject=f"{found.function} {'engine' if found.is_engine else 'session'}",
            confidence=Confidence.HIGH if found.certain else Confidence.MEDIUM,
            trail=tuple(steps_to(found.inspection, found.effect, "it is made here")),
            guards_searched=("dependency that gives it", "streamed response", "websocket"),
            fix=injected_session(project.isolation, found),
        )


def _message(found: Opened, injected: str) -> str:
    if found.is_engine:
        return (
            f"`{found.function}` makes an engine, with a connection pool of its own, for each request; make "
            "it once at start-up."
        )
    source = f"take the one that `{injected}` gives" if injected else "take one from a dependency"
    return (
        f"`{found.function}` opens a session of its own, outside the request's transaction and beyond "
        f"`dependency_overrides`; {source}."
    )
