"""A password, hash, key or token that a route sends to its clients.

## What

A response model, with all that it inherits and nests, has a field for a secret: a password or its hash, a
key, a token outside the endpoints that issue tokens, an identification or payment number. Or a row that
has such a column is returned by a route that no response model narrows, whole, through `model_dump()`, or
in a dict. Fields that are excluded, masked by their type or replaced by a serializer are no finding.

## Why

Whatever is in the answer reaches browsers, proxies, logs and caches. Hashes can be cracked offline, and
tokens and keys be used by whoever reads them. It mostly happens by returning the table's model instead of
a schema.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    hashed_password: str


@app.get("/users/{user_id}")  # finding
def read_user(user_id: int) -> User:
    with Session(engine) as session:
        return session.get_one(User, user_id)
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    hashed_password: str


class UserPublic(SQLModel):
    id: int
    name: str


@app.get("/users/{user_id}", response_model=UserPublic)
def read_user(user_id: int) -> User:
    with Session(engine) as session:
        return session.get_one(User, user_id)
```

## Fix

Answer with a schema that has only what clients need, as `response_model` or return annotation; take the
field out of the schema, or mark it `Field(exclude=True)`. The fix does the first with the schema that other
routes answer with, or takes the field out of a schema that only answers have.

## References

- CWE-200, exposure of sensitive information: https://cwe.mitre.org/data/definitions/200.html
- CWE-522, insufficiently protected credentials: https://cwe.mitre.org/data/definitions/522.html
- OWASP API3:2023, broken object property level authorization: https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/
- FastAPI, response model: https://fastapi.tiangolo.com/tutorial/response-model/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.exposed_fields import Exposed, exposed
from rules.project.isolation.secrets import Secret
from rules.project.project import Project
from rules.project.repairs.exposed_secrets import withheld
from rules.rule import Rule, Severity

RULE = Rule(code="BA311", severity=Severity.CRITICAL, cwe=(200, 522), owasp=("API3",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each secret field of a response schema, or each route that gives one away."""
    for found in exposed(project.isolation):
        yield Hit(
            place=found.place,
            message=_message(found),
            subject=f"{found.routes[0].title if found.place == found.routes[0].place else ''} "
            f"{found.model}.{found.names[0]}".strip(),
            severity=Severity.HIGH if found.secret is Secret.PERSONAL else Severity.CRITICAL,
            confidence=found.confidence,
            trail=found.trail,
            fix=withheld(project.isolation, found, project.files),
        )


def _message(found: Exposed) -> str:
    names = " and ".join(f"`{name}`" for name in found.names)
    more = f" and {len(found.routes) - 1} more" if len(found.routes) > 1 else ""
    how = "answers with" if found.is_declared else "returns"
    cure = (
        "exclude it from the schema" if found.is_declared else "answer with a schema that has no such field"
    )
    return (
        f"`{found.routes[0].title}`{more} {how} `{found.model}`, whose {names} ("
        + found.secret.value
        + ") goes "
        f"to the client; {cure}."
    )
