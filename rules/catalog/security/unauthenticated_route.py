"""A route that anyone can call although nothing says that it is public.

## What

A mounted route whose dependencies, middleware and own code authenticate nobody, and that is not public.
Public are: what the `public` setting names, sign-in, registration, recovery, health and documentation,
callbacks, whatever checks a password or a token of its own, and answers that are constant. Whether a
dependency authenticates is computed from what it reads and when it refuses, not from its name.

## Why

Anyone who finds the address reads or changes the data. Protection is usually put on each route by hand, so
one forgotten dependency is enough, and no test notices, because the route works.

## Bad

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes")
def read_notes(token: Annotated[str, Depends(scheme)]) -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note)).all())


@app.delete("/notes/{note_id}")  # finding
def delete_note(note_id: int) -> None:
    with Session(engine) as session:
        session.delete(session.get_one(Note, note_id))
        session.commit()
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.delete("/notes/{note_id}", dependencies=[Depends(scheme)])
def delete_note(note_id: int) -> None:
    with Session(engine) as session:
        session.delete(session.get_one(Note, note_id))
        session.commit()


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
```

## Fix

Add the project's own authenticating dependency to the route's parameters, or to the `dependencies=` of the
route, its router or the application. If the endpoint is meant for everyone, name it under `public` in the
configuration. The fix asks for the caller as the routes of the same file do, and ties the rows that the
handler itself reaches to them.

## References

- CWE-306, missing authentication for critical function: https://cwe.mitre.org/data/definitions/306.html
- OWASP API2:2023, broken authentication: https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/
- FastAPI, global dependencies: https://fastapi.tiangolo.com/tutorial/dependencies/global-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.exposure import Exposure
from rules.project.project import Project
from rules.project.repairs.authentication_fixes import AuthenticationFixes
from rules.rule import Rule, Severity

RULE = Rule(code="BA301", severity=Severity.CRITICAL, cwe=(306,), owasp=("API2", "API5"))
_SEARCHED = ("dependencies", "middleware", "checks in the handler", "public endpoints")


def check(project: Project) -> Iterator[Hit]:
    """One hit for each route that anonymous clients reach."""
    explained = _explained(project)
    fixes = AuthenticationFixes(project.isolation)
    for exposure in project.exposures:
        route = exposure.inspection.route
        if id(route) in explained:
            continue
        yield Hit(
            place=route.place,
            message=_message(exposure),
            subject=route.title,
            severity=exposure.severity,
            confidence=exposure.confidence,
            trail=exposure.trail,
            guards_searched=_SEARCHED,
            fix=fixes.authenticated(exposure.inspection),
        )


def _explained(project: Project) -> set[int]:
    """Routes of which a more exact rule says why: a bare dependency, a mount, a middleware elsewhere."""
    found = {id(r) for u in project.unwrapped_dependencies if u.guards for r in u.routes}
    found |= {id(i.route) for unseen in project.unseen_requests for i in unseen.inspections}
    return found | {id(i.route) for escape in project.escapes for i in escape.inspections}


def _message(exposure: Exposure) -> str:
    route = exposure.inspection.route
    names = ", ".join(f"`{table.model_name}`" for table in exposure.tables)
    does = " changes data" if exposure.writes else f" reads {names}" if names else " answers"
    does = " answers with constants" if exposure.severity is Severity.LOW else does
    text = (
        f"`{route.title}`{does}, and no dependency, middleware or check on the way authenticates the caller."
    )
    if route.conditions:
        return f"{text} It is there only under {', '.join(f'`{c}`' for c in route.condition_texts)}."
    if exposure.siblings:
        text += f" {len(exposure.siblings)} of the {exposure.beside} routes beside it do."
    cure = f"Depend on `{exposure.remedy}`" if exposure.remedy else "Add an authenticating dependency"
    return f"{text} {cure}, or name the endpoint under `public`."
