"""A refresh flow that keeps the old token alive, or cannot tell access tokens from refresh tokens.

## What

An endpoint reads a refresh token and makes a new access token, but neither stores nor deletes anything on
the way, so that the old refresh token works until it expires; or it takes every token that the same key
signed, access tokens too, as it looks at no claim such as `type`; or the authentication of other endpoints
takes the project's refresh tokens for access tokens.

## Why

A refresh token lives for weeks. If it is used up each time, a thief and the owner collide and both sessions
can be ended. If an access token refreshes itself, its short life means nothing; if a refresh token gives
access, neither does.

## Bad

```python
# app/main.py
import os
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Body, FastAPI

app = FastAPI()
KEY = os.environ["KEY"]


def access_token(subject: str) -> str:
    now = datetime.now(UTC)
    claims = {"sub": subject, "iat": now, "exp": now + timedelta(minutes=15)}
    return jwt.encode(claims, KEY, algorithm="HS256")


@app.post("/refresh")
def refresh(token: Annotated[str, Body()]) -> dict[str, str]:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])  # finding
    return {"access_token": access_token(claims["sub"])}
```

## Good

```python
# app/main.py
import os
import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Body, FastAPI, HTTPException
from redis import Redis

app = FastAPI()
KEY = os.environ["KEY"]
redis = Redis()


def issue(subject: str, kind: str, life: timedelta) -> str:
    now = datetime.now(UTC)
    claims = {"sub": subject, "type": kind, "jti": uuid.uuid4().hex, "iat": now, "exp": now + life}
    return jwt.encode(claims, KEY, algorithm="HS256")


@app.post("/refresh")
def refresh(token: Annotated[str, Body()]) -> dict[str, str]:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])
    if claims["type"] != "refresh" or not redis.set(f"used:{claims['jti']}", 1, nx=True, ex=2_592_000):
        raise HTTPException(401)
    return {
        "access_token": issue(claims["sub"], "access", timedelta(minutes=15)),
        "refresh_token": issue(claims["sub"], "refresh", timedelta(days=30)),
    }
```

## Fix

Put the kind into a claim and ask for it at every reading. Give each refresh token a `jti`, record it as used
when it is presented, and issue a new one.

## References

- CWE-613, insufficient session expiration: https://cwe.mitre.org/data/definitions/613.html
- RFC 9700, refresh token protection: https://www.rfc-editor.org/rfc/rfc9700#section-4.14
- OWASP API2:2023, broken authentication: https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.sign_in.refreshing import Flaw, refresh_flaws
from rules.rule import Rule, Severity

RULE = Rule(code="BA315", severity=Severity.MEDIUM, cwe=(613,), owasp=("API2",))
_MESSAGES = {
    Flaw.KEPT: "The refresh token that is read here stays valid after its use; record its `jti` as used and "
    "issue a new one.",
    Flaw.CONFUSED: "An access token refreshes itself here, as nothing asks for the kind of token; put a "
    "`type` into the claims and check it.",
    Flaw.ACCEPTED: "A refresh token is taken for an access token here, as nothing asks for its kind; check "
    "the claim that tells them apart.",
}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each reading of such a token."""
    for found in refresh_flaws(project.sign_in_endpoints, project.tokens):
        occurrence = found.decoding.occurrence
        yield Hit(
            place=occurrence.place,
            message=_MESSAGES[found.flaw],
            subject=found.flaw.value,
            confidence=found.confidence,
            trail=occurrence.trail("the token is read here"),
        )
