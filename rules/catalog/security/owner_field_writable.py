"""A client that can set the owner of a row, or its own role, because a schema is copied as a whole.

## What

A handler for ordinary users copies what the client sent into a row, with `T(**body.model_dump())`,
`model_validate`, `sqlmodel_update`, `values(**…)` or a loop of `setattr`, and the schema has the column
that names the row's owner, or on the user table a column that gives privileges (role, superuser, password
hash). A field that is excluded, replaced on the way, checked, or set by privileged users alone is no
finding.

## Why

The client adds `"owner_id": 7` or `"is_superuser": true` to the body, and gives rows to others, takes
theirs, or makes itself an administrator. The schema looks harmless and the handler names no field.

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


class NoteCreate(SQLModel):
    text: str
    owner_id: int


class Note(NoteCreate, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")


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


@app.post("/notes")
def create_note(session: SessionDep, user: CurrentUser, body: NoteCreate) -> int:
    note = Note(**body.model_dump())  # finding
    session.add(note)
    session.commit()
    return 1
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


class NoteCreate(SQLModel):
    text: str


class Note(NoteCreate, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")


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


@app.post("/notes")
def create_note(session: SessionDep, user: CurrentUser, body: NoteCreate) -> int:
    note = Note.model_validate(body, update={"owner_id": user.id})
    session.add(note)
    session.commit()
    return 1
```

## Fix

Take the field out of the schema that clients send, or set it from the authenticated user:
`T.model_validate(body, update={"owner_id": user.id})`. Give privileged routes a schema of their own. The
fix leaves the field out of the copy, and sets the owner of a new row.

## References

- CWE-915, improperly controlled modification of object attributes: https://cwe.mitre.org/data/definitions/915.html
- OWASP API3:2023: https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/
- SQLModel, update with extra data: https://sqlmodel.tiangolo.com/tutorial/fastapi/update-extra-data/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place, TrailStep
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.isolation.writable_fields import Writable, writable_fields
from rules.project.project import Project
from rules.project.repairs.copied_fields import left_out
from rules.rule import Rule, Severity

RULE = Rule(code="BA308", severity=Severity.HIGH, cwe=(915,), owasp=("API3",))
_SEARCHED = (
    "field excluded from the copy",
    "field set by the server",
    "check of the sent value",
    "privileged caller",
)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each owner or privilege column that a route copies from its client."""
    reported: set[tuple[Place, str]] = set()
    for writable in writable_fields(project.isolation):
        route = writable.inspection.route
        place = standing_of(writable.inspection, writable.copy.effect)
        if (place, writable.name) in reported:
            continue
        reported.add((place, writable.name))
        field = writable.schema.fields[writable.name].place
        note = f"`{writable.schema.name}` is copied into `{writable.copy.table.model_name}` here"
        yield Hit(
            place=place,
            message=_message(writable),
            subject=f"{route.title} {writable.copy.table.key}.{writable.name}",
            confidence=writable.confidence,
            trail=(
                *steps_to(writable.inspection, writable.copy.effect, note),
                TrailStep(field.path, field.line, f"`{writable.schema.name}` lets clients send it"),
            ),
            guards_searched=_SEARCHED,
            fix=left_out(project.isolation, writable),
        )


def _message(writable: Writable) -> str:
    route, table = writable.inspection.route, writable.copy.table.model_name
    name, schema = writable.name, writable.schema.name
    harm = "decides its own privileges" if writable.grants else "decides whose row it is"
    cure = (
        "set it in the server" if writable.grants else f'`update={{"{name}": …}}` from the authenticated user'
    )
    return (
        f"`{route.title}` copies all of `{schema}` into `{table}`, `{name}` too, so the client {harm}; "
        f"take `{name}` out of `{schema}`, or {cure}."
    )
