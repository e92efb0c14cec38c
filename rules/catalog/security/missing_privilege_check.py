"""An operation for administrators that every signed-in user can call.

## What

A route authenticates and asks for no privilege, and it is an administrator's: its path says admin,
internal or manage; it changes a role or privilege column of a user; it lists or deletes users at large;
or at least 80 % of the routes beside it do ask for a privilege. What users do to their own row is no
finding, nor is a route that lets something outside of the project decide.

## Why

Addresses of administrative endpoints are easy to guess. Whoever has an account calls them, reads what is
meant for the staff, or makes itself an administrator: broken function level authorization.

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
    role: str = "user"


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


@app.put("/users/{user_id}/role")
def change_role(session: SessionDep, user: CurrentUser, user_id: int, role: str) -> None:
    changed = session.get_one(User, user_id)
    changed.role = role  # finding
    session.commit()
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
    role: str = "user"


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


@app.put("/users/{user_id}/role")
def change_role(session: SessionDep, user: CurrentUser, user_id: int, role: str) -> None:
    if user.role != "admin":
        raise HTTPException(403)
    changed = session.get_one(User, user_id)
    changed.role = role
    session.commit()
```

## Fix

Depend on what the project's other administrative routes depend on, or check the role before anything
happens. If every user may call it, give it a path that does not say otherwise. The fix adds the dependency
as other handlers write it.

## References

- CWE-285, improper authorization: https://cwe.mitre.org/data/definitions/285.html
- OWASP API5:2023: https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.isolation.administration import Administration, Unprivileged
from rules.project.project import Project
from rules.project.repairs.authentication_fixes import AuthenticationFixes
from rules.rule import Rule, Severity

RULE = Rule(code="BA328", severity=Severity.HIGH, cwe=(285,), owasp=("API5",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each administrative operation that ordinary users reach."""
    administration = Administration(project.isolation)
    fixes = AuthenticationFixes(project.isolation)
    reported: set[Place] = set()
    for found in administration.unprivileged():
        if found.place in reported:
            continue
        reported.add(found.place)
        route = found.inspection.route
        yield Hit(
            place=found.place,
            message=_message(found, administration.remedy),
            subject=found.subject or route.title,
            confidence=found.confidence,
            trail=found.trail,
            fix=fixes.privileged(found.inspection),
            guards_searched=("privileged dependency", "role check in the handler", "permission service"),
        )


def _message(found: Unprivileged, remedy: str) -> str:
    title = found.inspection.route.title
    if found.subject:
        return (
            f"{found.why[0].upper()}{found.why[1:]}, so every signed-in user can call `{title}`, which "
            f"depends on it; refuse there whoever lacks the privilege."
        )
    cure = f"depend on `{remedy}`" if remedy else "check the caller's role"
    return f"`{title}` only authenticates, and {found.why}: every signed-in user can call it; {cure}."
