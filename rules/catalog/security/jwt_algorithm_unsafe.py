"""A token that is signed or accepted with an algorithm or key that does not hold.

## What

A token is made with `none`, with an unknown algorithm, or with a literal key that is shorter than its HMAC
needs (RFC 7518 section 3.2); or a token is accepted with `none`, with the algorithm that its own header
names, with shared-secret and public-key algorithms for one key, or, by python-jose and Authlib, without a
list of algorithms. HS, RS, ES and PS with 256, 384 or 512 bits and EdDSA are sound.

## Why

The header of a token is the attacker's. If it chooses the algorithm, it chooses `none`, or HS256 with the
public key as the secret.

## Bad

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
    algorithm = jwt.get_unverified_header(token)["alg"]
    claims = jwt.decode(token, os.environ["KEY"], algorithms=[algorithm])  # finding
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

Name the one algorithm that the tokens are made with. A missing list is suggested where the project makes the
tokens itself.

## References

- CWE-347, improper verification of a signature: https://cwe.mitre.org/data/definitions/347.html
- CWE-327, broken or risky cryptography: https://cwe.mitre.org/data/definitions/327.html
- RFC 8725, JWT best current practices: https://www.rfc-editor.org/rfc/rfc8725#section-3.1
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit
from rules.project.project import Project
from rules.project.tokens.call_edits import with_algorithms
from rules.project.tokens.tokens import Decoding
from rules.project.tokens.unsafe_algorithms import UnsafeAlgorithm, unsafe_algorithms
from rules.rule import Rule, Severity

RULE = Rule(code="BA314", severity=Severity.HIGH, cwe=(347, 327), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each such call."""
    for found in unsafe_algorithms(project.tokens):
        yield Hit(
            place=found.occurrence.place,
            message=f"This call {found.phrase}; {_cure(found)}.",
            subject=found.phrase,
            severity=found.severity,
            confidence=found.confidence,
            trail=found.occurrence.trail("the token passes here"),
            fix=_fix(found, project),
        )


def _cure(found: UnsafeAlgorithm) -> str:
    if "key of" in found.phrase:
        return "take a random key of that length from the settings"
    return "name the one algorithm that the tokens are signed with"


def _fix(found: UnsafeAlgorithm, project: Project) -> Fix | None:
    read = next((d for d in project.tokens.decodings if d.occurrence is found.occurrence), None)
    return with_algorithms(read, project.tokens) if found.is_missing and isinstance(read, Decoding) else None
