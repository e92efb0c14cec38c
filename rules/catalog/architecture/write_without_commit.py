"""A write that nothing commits, or a commit for each row of a loop.

## What
A request adds, changes or deletes rows, and neither the handler, nor what it calls, nor the dependency of its
session commits on any path. Or it commits inside a loop.

## Why
A session that is closed without a commit rolls back. The client gets its 200 with the new row in it (after a
`flush` even with its id), and the database never has it. A commit in a loop leaves half of the rows written
when the seventh one fails, and waits for the disk each time.

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
    text: str


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/notes", status_code=201)
def create_note(text: str, session: Annotated[Session, Depends(get_session)]) -> Note:
    note = Note(text=text)
    session.add(note)  # finding
    session.flush()
    return note
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
    text: str


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/notes", status_code=201)
def create_note(text: str, session: Annotated[Session, Depends(get_session)]) -> Note:
    note = Note(text=text)
    session.add(note)
    session.commit()
    session.refresh(note)
    return note
```

## Fix
Commit once, at the end of the handler or service, or in the dependency after its `yield` (`with
Session(engine) as session, session.begin():`). Move a commit out of its loop.

## References
- https://docs.sqlalchemy.org/en/20/orm/session_basics.html#committing
- https://sqlmodel.tiangolo.com/tutorial/insert/#commit-the-session-changes
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.project.sessions.commits import (
    LoopedCommit,
    Uncommitted,
    looped_commits,
    uncommitted_writes,
)
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA111", severity=Severity.MEDIUM)
_SEARCHED = (
    "commit in the handler and what it calls",
    "commit of the session's dependency",
    "`begin()` block",
)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each request that commits nothing, and for each commit in a loop."""
    seen: set[Place] = set()
    for found in uncommitted_writes(project):
        place = standing_of(found.inspection, found.effect)
        if place not in seen:
            seen.add(place)
            yield _of_write(found, place)
    for looped in looped_commits(project):
        yield _of_loop(looped)


def _of_write(found: Uncommitted, place: Place) -> Hit:
    route = found.inspection.route
    return Hit(
        place=place,
        message=(
            f"`{route.title}` writes (`{found.what}`) and nothing commits: closing the session rolls it "
            "back, and the client never learns; commit at the end of the handler or in the "
            "session's dependency."
        ),
        subject=f"{route.title} {found.what}",
        confidence=found.confidence,
        trail=tuple(steps_to(found.inspection, found.effect, "the write that is lost")),
        guards_searched=_SEARCHED,
    )


def _of_loop(found: LoopedCommit) -> Hit:
    return Hit(
        place=found.place,
        message=(
            f"`{found.inspection.route.title}` commits once for each pass of a loop, so a failure leaves a "
            "part written; commit once, after the loop."
        ),
        subject=f"{found.inspection.route.title} commit in loop",
        confidence=Confidence.MEDIUM,
        trail=tuple(steps_to(found.inspection, found.effect, "the commit that the loop repeats")),
        guards_searched=("batches", "loop over constants"),
    )
