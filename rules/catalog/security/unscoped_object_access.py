"""A row of another user that a client reaches by sending its key.

## What

On an authenticated route for ordinary users, a key from the path, query, body or a header selects rows of a
table that belongs to users (or of the user table itself), the rows are returned, changed or deleted, and on
some path none of the eight guards holds: the owner in the query, a check after the fetch, a helper that gets
the principal, an owned dependency, a traversal from the principal, the key compared with the principal, a row
filter of the session, rows that are public.

## Why

Keys can be guessed, counted up or overheard. Whoever is signed in reads and changes what belongs to others:
broken object level authorization, the first risk of the OWASP API list. Authentication does not help, since
the attacker is a user too.

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


@app.get("/notes/{note_id}")
def read_note(note_id: int, session: SessionDep, user: Annotated[User, Depends(get_current_user)]) -> Note:
    note = session.get(Note, note_id)  # finding
    if note is None:
        raise HTTPException(404)
    return note
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


@app.get("/notes/{note_id}")
def read_note(note_id: int, session: SessionDep, user: Annotated[User, Depends(get_current_user)]) -> Note:
    note = session.exec(select(Note).where(Note.id == note_id, Note.owner_id == user.id)).first()
    if note is None:
        raise HTTPException(404)
    return note
```

## Fix

Put the owner into the query (`where(T.id == id, T.owner_id == user.id)`) and answer 404 when nothing is
found, or compare the owner right after the fetch and refuse. For nested resources also tie the child to the
parent that was checked. The fix does either where the handler knows the caller.

## References

- CWE-639, authorization bypass through user-controlled key: https://cwe.mitre.org/data/definitions/639.html
- CWE-862, missing authorization: https://cwe.mitre.org/data/definitions/862.html
- OWASP API1:2023: https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.accesses import Selection
from rules.project.isolation.guards import SEARCHED
from rules.project.isolation.holes import Hole, object_holes
from rules.project.project import Project
from rules.project.repairs.authentication_fixes import AuthenticationFixes
from rules.rule import Rule, Severity

RULE = Rule(code="BA305", severity=Severity.CRITICAL, cwe=(639, 862), owasp=("API1",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each client-supplied key of a route that reaches rows unguarded."""
    fixes = AuthenticationFixes(project.isolation)
    for hole in object_holes(project.isolation):
        access = hole.access
        yield Hit(
            place=hole.place,
            message=_message(hole, hole.phrase(project.isolation.ownership)),
            subject=f"{hole.inspection.route.title} {access.table.key} {','.join(access.keys)}",
            severity=Severity.CRITICAL if access.writes else Severity.HIGH,
            confidence=hole.confidence,
            trail=hole.trail,
            guards_searched=SEARCHED,
            fix=fixes.owned(hole),
        )


def _message(hole: Hole, owner: str) -> str:
    access, route = hole.access, hole.inspection.route
    does = "changes or deletes" if access.writes else "returns"
    keys = " and ".join(f"`{key}`" for key in dict.fromkeys(access.keys))
    if access.query.kind == "insert":
        return (
            f"`{route.title}` puts a new row below the `{access.table.model_name}` that the client names for "
            f"{keys}, and on some path nothing ties that one to the authenticated user: any user can write "
            f"below the rows of others. {owner}"
        )
    chosen = (
        f"selected by {keys} of a row that nobody checked"
        if access.selection is Selection.PARENT
        else f"selected by {keys} that the client sends"
    )
    return (
        f"`{route.title}` {does} a `{access.table.model_name}` {chosen}, and on some path nothing ties it to "
        f"the authenticated user: any user can reach the rows of others. {owner}"
    )
