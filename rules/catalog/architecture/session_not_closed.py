"""A session that nothing closes.

## What
A dependency returns a database session, or yields one without a `with` around the `yield` or a `finally` that
closes it; or one session of module level serves all requests.

## Why
FastAPI ends a dependency that yields, and nothing else. A session that is returned keeps its connection until
the garbage collector comes by; one that is yielded without `with` keeps it whenever the handler raises. Under
load the pool is empty, and each request waits half a minute for `QueuePool limit … reached`. A session that
all requests share mixes their transactions: one request's rollback undoes another one's work.

## Bad
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
    session = Session(engine)
    yield session  # finding
    session.close()


@app.get("/notes")
def read_notes(session: Annotated[Session, Depends(get_session)]) -> list[Note]:
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
Yield the session inside `with Session(engine) as session:` (`async with` for an `AsyncSession`). For a
dependency that yields, the edit is safe; one that returns becomes a generator, which a direct caller of it
would notice, so that edit is a suggestion.

## References
- CWE-772, missing release of resource: https://cwe.mitre.org/data/definitions/772.html
- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/
- https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.project import Project
from rules.project.sessions.unclosed import Leak, Unclosed, unclosed_sessions
from rules.project.sessions.with_statement import into_with
from rules.rule import Rule, Severity

RULE = Rule(code="BA104", severity=Severity.HIGH, cwe=(772,), owasp=("API4",))
_MESSAGES = {
    Leak.RETURNED: "`{name}` returns its session, so nothing closes it and its connection stays taken; "
    "yield it inside a `with`.",
    Leak.YIELDED: "`{name}` yields its session outside any `with` or `finally`, so a failing request leaves "
    "its connection taken; yield it inside a `with`.",
    Leak.GLOBAL: "`{name}` is one session for all requests: their transactions mix, and nothing closes it; "
    "give each request its own from a dependency.",
}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each session that stays open."""
    for found in unclosed_sessions(project):
        yield Hit(
            place=found.place,
            message=_MESSAGES[found.leak].format(name=found.name),
            subject=found.name,
            trail=_trail(found),
            guards_searched=("`with` around the `yield`", "`finally` that closes", "outer generator"),
            fix=_fix(found),
        )


def _trail(found: Unclosed) -> tuple[TrailStep, ...]:
    steps = found.route.trail() if found.route is not None else ()
    note = "the session is made here" if found.leak is Leak.GLOBAL else "the session is handed out here"
    return (*steps, TrailStep(found.place.path, found.place.line, note))


def _fix(found: Unclosed) -> Fix | None:
    edits = into_with(found)
    safety = Safety.SAFE if found.leak is Leak.YIELDED else Safety.SUGGEST
    return Fix("Yield the session inside a `with`", safety, edits) if edits else None
