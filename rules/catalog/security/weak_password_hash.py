"""A password that is stored in plain text, hashed with a fast or cheap hash, or compared with `==`.

## What

A password that the client sent is written into a column as it was typed, goes into `hashlib`, `hmac` or
another hash made for files, or is compared with `==`; or a password hasher is set up with an outdated scheme
or with less work than OWASP asks for (bcrypt 10 rounds, PBKDF2-SHA256 600,000 iterations, Argon2 19 MiB and
2 passes). A hash before bcrypt, the prefix for a service of leaked passwords, old schemes that a context only
still verifies, and the comparison of two fields of a form are no finding.

## Why

Databases leak. A graphics card tries billions of SHA-256 a second, so that every common password is known
within minutes; a hash made for passwords lets it try a few thousand.

## Bad

```python
# app/main.py
import hashlib
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()
USERS: dict[str, str] = {}


@app.post("/register")
def register(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> None:
    USERS[form.username] = hashlib.sha256(form.password.encode()).hexdigest()  # finding
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm
from pwdlib import PasswordHash

app = FastAPI()
hasher = PasswordHash.recommended()
USERS: dict[str, str] = {}


@app.post("/register")
def register(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> None:
    USERS[form.username] = hasher.hash(form.password)
```

## Fix

`PasswordHash.recommended()` of pwdlib hashes with Argon2 and verifies in constant time. Rehash old passwords
when their users sign in next.

## References

- CWE-916, password hash with insufficient effort: https://cwe.mitre.org/data/definitions/916.html
- CWE-256, plaintext storage of a password: https://cwe.mitre.org/data/definitions/256.html
- OWASP, password storage: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA316", severity=Severity.CRITICAL, cwe=(916, 256), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each place."""
    for found in project.weak_passwords:
        yield Hit(
            place=found.place,
            message=f"{found.phrase[0].upper()}{found.phrase[1:]}; {found.cure}.",
            subject=found.phrase,
            severity=found.severity,
            confidence=found.confidence,
            trail=found.trail,
        )
