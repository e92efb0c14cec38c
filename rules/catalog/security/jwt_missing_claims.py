"""A token that is made without an expiry, a subject or the time of issue.

## What

A call of PyJWT, python-jose, Authlib or joserfc makes a token whose claims, however their dictionary was
built, have no `exp` on any path, no subject although the token is handed to the client as its credential,
or an `exp` a year away. A missing `iat` alone is a remark. Claims that are not all known, and tokens that
are sent to another service, are no finding.

## Why

A token without an expiry is valid until the key changes: whoever once saw it stays signed in, and no library
complains, as `exp` is only checked where it is there. Without `iat` tokens from before a password change
cannot be told from those after it.

## Bad

```python
# app/main.py
import os

import jwt
from fastapi import FastAPI

app = FastAPI()
KEY = os.environ["KEY"]


@app.post("/token")
def token(username: str) -> dict[str, str]:
    return {"access_token": jwt.encode({"sub": username}, KEY, algorithm="HS256")}  # finding


@app.get("/me")
def me(token: str) -> str:
    return str(jwt.decode(token, KEY, algorithms=["HS256"])["sub"])
```

## Good

```python
# app/main.py
import os
from datetime import UTC, datetime, timedelta

import jwt
from fastapi import FastAPI

app = FastAPI()
KEY = os.environ["KEY"]


@app.post("/token")
def token(username: str) -> dict[str, str]:
    now = datetime.now(UTC)
    claims = {"sub": username, "iat": now, "exp": now + timedelta(minutes=15)}
    return {"access_token": jwt.encode(claims, KEY, algorithm="HS256")}


@app.get("/me")
def me(token: str) -> str:
    return str(jwt.decode(token, KEY, algorithms=["HS256"])["sub"])
```

## Fix

Give every token `exp`, minutes for access and days for refresh, `sub` and `iat`. Where the module has what
it takes, the claim is suggested.

## References

- CWE-613, insufficient session expiration: https://cwe.mitre.org/data/definitions/613.html
- OWASP API2:2023, broken authentication: https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/
- RFC 7519, registered claims: https://www.rfc-editor.org/rfc/rfc7519#section-4.1
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit
from rules.project.project import Project
from rules.project.tokens.call_edits import with_expiry, with_issue_time
from rules.project.tokens.missing_claims import Lack, Lacking, lacking_tokens
from rules.rule import Rule, Severity

RULE = Rule(code="BA312", severity=Severity.HIGH, cwe=(613,), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each call that makes such a token."""
    for found in lacking_tokens(project.tokens):
        occurrence = found.encoding.occurrence
        yield Hit(
            place=occurrence.place,
            message=_message(found),
            subject=" ".join(lack.name for lack in found.lacks),
            severity=found.severity,
            confidence=found.confidence,
            trail=occurrence.trail("the token is made here"),
            fix=_fix(found, project),
        )


def _message(found: Lacking) -> str:
    names = sorted(name for claims in found.encoding.claims for name in claims.values)
    held = ", ".join(f"`{name}`" for name in dict.fromkeys(names)) or "nothing"
    lacks = " and ".join(lack.value for lack in found.lacks)
    if found.lacks[0] is Lack.EXPIRY:
        why = "it stays valid until the key changes; add `exp`, minutes ahead"
    elif found.lacks[0] is Lack.SUBJECT:
        why = "nothing in it says whose it is; add `sub`"
    elif found.lacks[0] is Lack.SHORTNESS:
        why = "it stays valid for a year and more; shorten `exp` and refresh it"
    else:
        why = "it cannot be told from one made before a password change; add `iat`"
    return f"The token holds {held} and lacks {lacks}: {why}."


def _fix(found: Lacking, project: Project) -> Fix | None:
    if found.lacks[0] is Lack.EXPIRY:
        module = found.encoding.occurrence.effect.origin.module
        return with_expiry(found.encoding, project.machine.scope(module))
    return with_issue_time(found.encoding) if found.lacks == (Lack.ISSUED,) else None
