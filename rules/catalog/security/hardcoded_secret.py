"""A secret that stands in the source.

## What

A literal is used as a secret: the key of a token, of a signature or of a session cookie, the password of a
database, the credential of another service, or what clients must send. The default of a setting, or of an
environment variable, is one too, unless the application refuses to run with it. Names alone say little:
`token_type = "bearer"` is no secret, and a connection URL is one only for the password inside it. An empty
text, a public key, tests and examples are left alone.

## Why

Everyone who can read the repository, an image or a backup has the secret, for as long as it is valid, and it
cannot be changed without a release. Who knows the key of a token makes tokens of any user.

## Bad

```python
# app/main.py
import jwt
from fastapi import FastAPI

app = FastAPI()
KEY = "8f2a61c09d4be7"  # finding


@app.post("/token")
def token(user: int) -> str:
    return jwt.encode({"sub": str(user)}, KEY, algorithm="HS256")
```

## Good

```python
# app/main.py
import jwt
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str


settings = Settings()
app = FastAPI()


@app.post("/token")
def token(user: int) -> str:
    return jwt.encode({"sub": str(user)}, settings.secret_key, algorithm="HS256")
```

## Fix

Read the secret from the environment through the settings class, with no default, and change it: what was
once committed is known. The suggestion makes a required field of it, or takes the default away.

## References

- CWE-798, use of hard-coded credentials: https://cwe.mitre.org/data/definitions/798.html
- OWASP API8:2023: https://owasp.org/API-Security/editions/2023/en/0xa8-security-misconfiguration/
- https://fastapi.tiangolo.com/advanced/settings/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit
from rules.project.hardening.hardcoded_secrets import HardcodedSecret, hardcoded_secrets
from rules.project.hardening.secret_moves import to_settings, without_default
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA317", severity=Severity.HIGH, cwe=(798,), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each literal."""
    for found in hardcoded_secrets(project):
        name = found.standing.name if found.standing is not None else ""
        yield Hit(
            place=found.place,
            message=_message(found, name),
            subject=f"{name} {found.what}".strip(),
            severity=found.severity,
            confidence=found.confidence,
            trail=found.trail,
            fix=_fix(found, project),
        )


def _message(found: HardcodedSecret, name: str) -> str:
    """The secret itself is not repeated."""
    named = f"`{name}`" if name else "this literal"
    if found.what == f"the setting {named}":
        return f"{named} is a secret with a default in the source; give it none, so that it must be set."
    if found.is_default:
        return f"{named} is {found.what} and has a default in the source; give it none or refuse it."
    return f"{named} is {found.what} and stands in the source; read it from the environment and change it."


def _fix(found: HardcodedSecret, project: Project) -> Fix | None:
    if found.standing is None:
        return None
    return without_default(found.standing) if found.is_default else to_settings(project, found.standing)
