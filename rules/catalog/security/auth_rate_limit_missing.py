"""A login, recovery or token endpoint without a limit to guessing.

## What

A route that checks a password, sends a link to get back in or renews tokens has no limiter in sight: no
decorator, dependency or middleware of slowapi, fastapi-limiter or the project's own, no counter of attempts,
no answer 429. Where the project limits no route at all this is one remark for the whole project, as a gateway
may do it.

## Why

Without a limit, passwords and codes are tried by the million, and a recovery endpoint floods mailboxes.

## Bad

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


@app.post("/login")  # finding
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> None: ...
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security import OAuth2PasswordRequestForm
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
app = FastAPI()


@app.post("/login")
@limiter.limit("5/minute")
def login(request: Request, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> None: ...
```

## Fix

Limit by address and by account, a few attempts a minute, and answer 429.

## References

- CWE-307, excessive authentication attempts: https://cwe.mitre.org/data/definitions/307.html
- OWASP API4:2023, unrestricted resource consumption: https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/
- slowapi: https://slowapi.readthedocs.io/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.sign_in.limits import Unlimited, imports_limiter, unlimited
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA324", severity=Severity.LOW, cwe=(307,), owasp=("API4",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each endpoint, or one for the project."""
    endpoints = project.sign_in_endpoints
    if not endpoints:
        return
    has_library = any(f.is_python and imports_limiter(f.data) for f in project.files.values())
    for found in unlimited(endpoints, project.isolation.inspections(), has_library=has_library):
        route = found.inspection.route
        yield Hit(
            place=route.place,
            message=_message(found),
            subject=route.title,
            severity=Severity.LOW if found.elsewhere else Severity.INFO,
            confidence=Confidence.MEDIUM if found.elsewhere else Confidence.LOW,
            trail=tuple(route.trail()),
        )


def _message(found: Unlimited) -> str:
    title = found.inspection.route.title
    if found.elsewhere:
        return f"`{title}` can be tried without limit, unlike other routes; limit it by address and account."
    return f"No route limits guessing, not even `{title}`; limit sign-in here or at the gateway."
