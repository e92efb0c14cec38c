"""A password, token, credential or whole request in a log.

## What

A call of logging, loguru, structlog or `print` on the way of a request gets a password, a key, a token, the
value of the `Authorization` header or a credential that a security scheme read, all headers or cookies, or
a model with such a field as a whole. Masked values, pieces (`token[-4:]`), lengths, `SecretStr` and fields
left out of a model's text are no finding.

## Why

Logs are kept for long, copied to other systems and read by many. A secret in them is a secret no more, and
rotating it takes finding out first.

## Bad

```python
# app/main.py
import logging

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
logger = logging.getLogger(__name__)


class Login(BaseModel):
    email: str
    password: str


@app.post("/login")
def login(body: Login) -> None:
    logger.info("login attempt: %s", body)  # finding
```

## Good

```python
# app/main.py
import logging

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
logger = logging.getLogger(__name__)


class Login(BaseModel):
    email: str
    password: str


@app.post("/login")
def login(body: Login) -> None:
    logger.info("login attempt: %s", body.email)
```

## Fix

Log who and what, never the credential: an id, a masked end, a fingerprint. Type secrets as `SecretStr`, which
prints asterisks, or leave them out (`model_dump(exclude={"password"})`).

## References

- CWE-532, sensitive information in a log: https://cwe.mitre.org/data/definitions/532.html
- OWASP, logging cheat sheet: https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude
- Pydantic, secret types: https://docs.pydantic.dev/latest/api/types/#pydantic.types.SecretStr
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.logged_secrets import Logged
from rules.rule import Rule, Severity

RULE = Rule(code="BA322", severity=Severity.HIGH, cwe=(532,), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each log call that writes a secret."""
    for found in project.taint.logged:
        yield Hit(
            place=found.place,
            message=_message(found),
            subject=f"{found.titles[0]} {found.sensitive.phrase}",
            severity=Severity.MEDIUM if found.quiet else Severity.HIGH,
            confidence=found.confidence,
            trail=found.trail,
        )


def _message(found: Logged) -> str:
    more = f" and {len(found.titles) - 1} more" if len(found.titles) > 1 else ""
    return (
        f"{found.titles[0]}{more} writes {found.sensitive.phrase} to a log with `{found.writer}`; "
        f"leave it out, or log an id or a masked end."
    )
