"""A list, count or bulk statement over the rows of all users.

## What

On an authenticated route for ordinary users, a query over a table that belongs to users selects many rows
(a list, a count, a bulk update or delete) with neither a key from the client nor the owner: what one user
gets or changes are the rows of all.

## Why

Every user sees what belongs to everyone else, page by page, or learns how much there is. Such an endpoint
looks right with the data of one developer and leaks with the second user.

## Bad

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    token: str


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    text: str


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep, token: Annotated[str, Depends(scheme)]) -> User:
    user = session.exec(select(User).where(User.token == token)).first()
    if user is None:
        raise HTTPException(401)
    return user


@app.get("/notes")
def read_notes(session: SessionDep, user: Annotated[User, Depends(get_current_user)]) -> list[Note]:
    return list(session.exec(select(Note)).all())  # finding
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    token: str


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    text: str


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep, token: Annotated[str, Depends(scheme)]) -> User:
    user = session.exec(select(User).where(User.token == token)).first()
    if user is None:
        raise HTTPException(401)
    return user


@app.get("/notes")
def read_notes(session: SessionDep, user: Annotated[User, Depends(get_current_user)]) -> list[Note]:
    return list(session.exec(select(Note).where(Note.owner_id == user.id)).all())
```

## Fix

Add the owner to the statement: `.where(T.owner_id == user.id)`, for rows owned through a parent a join to
it. Keep the unfiltered form for privileged users alone, behind their check. Index the owner's column. The
fix does so where the handler writes the statement and knows the caller.

## References

- CWE-639, authorization bypass through user-controlled key: https://cwe.mitre.org/data/definitions/639.html
- OWASP API1:2023: https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.guards import SEARCHED
from rules.project.isolation.holes import Hole, list_holes
from rules.project.project import Project
from rules.project.repairs.authentication_fixes import AuthenticationFixes
from rules.rule import Rule, Severity

RULE = Rule(code="BA306", severity=Severity.HIGH, cwe=(639,), owasp=("API1",))
_DOES = {"count": "counts", "update": "updates", "delete": "deletes"}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each table of which a route takes everyone's rows."""
    fixes = AuthenticationFixes(project.isolation)
    for hole in list_holes(project.isolation):
        yield Hit(
            place=hole.place,
            message=_message(hole, hole.phrase(project.isolation.ownership)),
            subject=f"{hole.inspection.route.title} {hole.access.table.key}",
            confidence=hole.confidence,
            trail=hole.trail,
            guards_searched=SEARCHED,
            fix=fixes.owned(hole),
        )


def _message(hole: Hole, owner: str) -> str:
    access, route = hole.access, hole.inspection.route
    does = _DOES.get(access.query.kind, "lists")
    model = access.table.model_name
    return (
        f"`{route.title}` {does} the `{model}` rows of all users: on some path the query has no criterion "
        f"that ties them to the authenticated user. {owner}"
    )
