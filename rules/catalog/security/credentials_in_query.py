"""A password, key or token that clients must write into the address.

## What

A parameter of a route or of a dependency is named for a password, key or token and is read from the query
string: FastAPI does that with every plain parameter that no `Body`, `Form`, `Header`, `Cookie` or `Depends`
marks, also on POST. So does `APIKeyQuery`. Single-use tokens in links and tokens of websockets, which can
send no header from a browser, are only remarks.

## Why

Addresses are written to access logs, proxies, histories and `Referer` headers. What stands in them is known
to all of these.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(
    username: str,
    password: str,  # finding
) -> None: ...
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import FastAPI, Form

app = FastAPI()


@app.post("/login")
def login(username: Annotated[str, Form()], password: Annotated[str, Form()]) -> None: ...
```

## Fix

Take credentials from the body or a form (`Annotated[str, Form()]`, a model), tokens and keys from a header
(`HTTPBearer`, `APIKeyHeader`). For a plain parameter of a route without another body, the form is suggested.

## References

- CWE-598, sensitive query strings: https://cwe.mitre.org/data/definitions/598.html
- OWASP API2:2023, broken authentication: https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/
- FastAPI, query parameters: https://fastapi.tiangolo.com/tutorial/query-params/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.body_parameters import read_from_form
from rules.project.taint.query_credentials import QueryCredential
from rules.rule import Rule, Severity

RULE = Rule(code="BA323", severity=Severity.HIGH, cwe=(598,), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each credential in the query string."""
    for found in project.taint.query_credentials:
        yield Hit(
            place=found.place,
            message=_message(found),
            subject=f"{found.routes[0].title} {found.name}",
            severity=found.severity,
            confidence=found.confidence,
            trail=found.trail,
            fix=read_from_form(found),
        )


def _message(found: QueryCredential) -> str:
    more = f" and {len(found.routes) - 1} more" if len(found.routes) > 1 else ""
    cure = "a header" if set(found.routes[0].methods) <= {"GET", "HEAD"} else "the body, a form or a header"
    return (
        f"`{found.routes[0].title}`{more} reads `{found.name}`, {found.secret.value}, from the query string, "
        f"which logs, proxies and histories keep; take it from {cure}."
    )
