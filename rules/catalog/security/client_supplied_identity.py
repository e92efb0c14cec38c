"""The acting user taken from what the client sends, not from who is signed in.

## What

On an authenticated route for ordinary users, the owner that a query is constrained to, or that a new row
gets, is an id from the query string, the body, a header or the path, and on some path nothing compares it
with the authenticated user. That holds for a filter that is added only if the client sends the id.

## Why

Whoever is signed in sends somebody else's id and acts as that user. The route looks scoped: it has an
authenticating dependency and a criterion on the owner, and the two have nothing to do with each other.

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


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.get("/notes")
def read_notes(session: SessionDep, user: CurrentUser, user_id: int) -> list[Note]:
    return list(session.exec(select(Note).where(Note.owner_id == user_id)).all())  # finding
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


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.get("/notes")
def read_notes(session: SessionDep, user: CurrentUser) -> list[Note]:
    return list(session.exec(select(Note).where(Note.owner_id == user.id)).all())
```

## Fix

Take the id from the authenticated user and drop the parameter. Where a user may name another one, compare
first: `if user_id != user.id: raise HTTPException(403)`, or require a privilege. The fix puts the
authenticated user's own id where the handler uses the one that was sent.

## References

- CWE-639, authorization bypass through user-controlled key: https://cwe.mitre.org/data/definitions/639.html
- OWASP API1:2023: https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.isolation.identities import Claim, claims
from rules.project.isolation.placement import standing, trail
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.project.repairs.claimed_identities import own_identity
from rules.rule import Rule, Severity

RULE = Rule(code="BA307", severity=Severity.HIGH, cwe=(639,), owasp=("API1",))
_SEARCHED = ("client key compared with the principal", "owner column in the query", "privileged caller")


def check(project: Project) -> Iterator[Hit]:
    """One hit for each place at which a route believes the id that it was sent."""
    reported: set[tuple[Place, str]] = set()
    for claim in claims(project.isolation):
        inspection, access = claim.inspection, claim.access
        place = standing_of(inspection, claim.effect) if access is None else standing(inspection, access)
        if (place, claim.column) in reported:
            continue
        reported.add((place, claim.column))
        note = f"`{claim.given}` becomes the `{claim.column}` of `{claim.table.model_name}` here"
        yield Hit(
            place=place,
            message=_message(claim),
            subject=f"{inspection.route.title} {claim.table.key}.{claim.column}",
            confidence=claim.confidence,
            trail=tuple(steps_to(inspection, claim.effect, note))
            if access is None
            else trail(inspection, access),
            guards_searched=_SEARCHED,
            fix=own_identity(project.isolation, claim),
        )


def _message(claim: Claim) -> str:
    column = f"`{claim.table.model_name}.{claim.column}`"
    does = f"stores it as {column}" if claim.is_stored else f"selects rows by it as {column}"
    return (
        f"`{claim.inspection.route.title}` takes `{claim.given}` from the client and {does}, and on some "
        f"path never compares it with the authenticated user; take the id from the authenticated user."
    )
