"""A token whose signature, expiry or audience is not checked.

## What

A token is read with `verify_signature` off or by `get_unverified_claims` and its claims are used; or it is
read with `verify_exp` off, or by Authlib or joserfc whose claims nobody validates, and nothing looks at the
expiry; or `verify_aud` is off although the project's tokens name an audience. A look at `kid` before the
verified reading of the same token, tokens that another service just answered with, and expired tokens that
are only revoked are no finding.

## Why

Without the signature everybody writes their own tokens and is whoever they say. Without the expiry a stolen
token works for ever, without the audience one that was made for another service works here.

## Bad

```python
# app/main.py
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.get("/me")
def me(token: Annotated[str, Depends(scheme)]) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})  # finding
    return str(claims["sub"])
```

## Good

```python
# app/main.py
import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.get("/me")
def me(token: Annotated[str, Depends(scheme)]) -> str:
    claims = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    return str(claims["sub"])
```

## Fix

Leave the option out: the libraries check by default. The option is taken out as a suggestion where key and
algorithms are given. With Authlib call `claims.validate()`, with joserfc
`JWTClaimsRegistry().validate(token.claims)`.

## References

- CWE-347, improper verification of a signature: https://cwe.mitre.org/data/definitions/347.html
- CWE-613, insufficient session expiration: https://cwe.mitre.org/data/definitions/613.html
- PyJWT, reading claims without validation: https://pyjwt.readthedocs.io/en/stable/usage.html
- joserfc, claims: https://jose.authlib.org/en/guide/jwt/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit
from rules.project.project import Project
from rules.project.tokens.call_edits import without_option
from rules.project.tokens.verification import Check, Unchecked, unchecked_readings
from rules.rule import Rule, Severity

RULE = Rule(code="BA313", severity=Severity.CRITICAL, cwe=(347, 613), owasp=("API2",))
_OPTIONS = {Check.SIGNATURE: "verify_signature", Check.EXPIRY: "verify_exp", Check.AUDIENCE: "verify_aud"}
_HARM = {
    Check.SIGNATURE: "anyone can write such a token; verify it with the key and its algorithms",
    Check.EXPIRY: "a token that was stolen once works for ever; let the library check `exp`",
    Check.AUDIENCE: "a token for another service works here; pass `audience`",
}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each reading."""
    for found in unchecked_readings(project.tokens):
        occurrence = found.decoding.occurrence
        yield Hit(
            place=occurrence.place,
            message=f"The {found.check.value} of this token is not checked: {_HARM[found.check]}.",
            subject=found.check.value,
            severity=found.severity,
            confidence=found.confidence,
            trail=occurrence.trail(f"the token is read here without its {found.check.value}"),
            fix=_fix(found),
        )


def _fix(found: Unchecked) -> Fix | None:
    call = found.decoding.call
    if found.check is Check.SIGNATURE and (call.key is None or not found.decoding.algorithms.names):
        return None
    return without_option(found.decoding, _OPTIONS[found.check])
