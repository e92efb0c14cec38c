"""A login, recovery or registration that tells who has an account.

## What

A login refuses an unknown user with another status or text than a wrong password; a recovery refuses unknown
addresses; a registration says that the address is taken. The refusal must be an `HTTPException` that the
handler's own run raises.

## Why

Lists of addresses are tried against the endpoint to learn who is a customer; those are then guessed or
written to. For a registration the safe answer is the same in both cases, with the truth in an e-mail.

## Bad

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
hasher = PasswordHash.recommended()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    hashed_password: str


@app.post("/login")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> None:
    with Session(engine) as session:
        user = session.exec(select(User).where(User.email == form.username)).first()
        if user is None:
            raise HTTPException(404, "No such user")  # finding
        if not hasher.verify(form.password, user.hashed_password):
            raise HTTPException(401, "Wrong password")
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
hasher = PasswordHash.recommended()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    hashed_password: str


@app.post("/login")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> None:
    with Session(engine) as session:
        user = session.exec(select(User).where(User.email == form.username)).first()
        if user is None or not hasher.verify(form.password, user.hashed_password):
            raise HTTPException(401, "Wrong user or password")
```

## Fix

Give one answer for both. Verify a dummy hash where there is no user, so that the time tells nothing either.

## References

- CWE-204, observable response discrepancy: https://cwe.mitre.org/data/definitions/204.html
- OWASP, authentication responses: https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html#authentication-responses
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.project import Project
from rules.project.sign_in.disclosures import Disclosure, disclosures
from rules.project.sign_in.endpoints import Kind
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA329", severity=Severity.LOW, cwe=(204,), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each endpoint."""
    for found in disclosures(project.sign_in_endpoints):
        yield Hit(
            place=place_of(found.refusal.origin),
            message=_message(found),
            subject=found.context.title,
            confidence=Confidence.HIGH if found.other is not None else Confidence.MEDIUM,
            trail=_trail(found),
        )


def _trail(found: Disclosure) -> tuple[TrailStep, ...]:
    trail = found.context.trail(found.refusal, "this answer depends on whether the account exists")
    if found.other is None:
        return trail
    other = place_of(found.other.origin)
    return (*trail, TrailStep(other.path, other.line, "the answer to a wrong password differs"))


def _message(found: Disclosure) -> str:
    if found.kind is Kind.LOGIN:
        return (
            f"{found.context.title} answers an unknown user otherwise than a wrong password; "
            f"give the same status and text for both."
        )
    if found.kind is Kind.RECOVERY:
        return f"{found.context.title} refuses who has no account; answer everybody that a message was sent."
    return f"{found.context.title} tells that an account exists; answer alike and send the truth by e-mail."
