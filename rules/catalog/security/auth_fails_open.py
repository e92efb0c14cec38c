"""An authenticating dependency that lets the request pass when authentication fails.

## What

A dependency reads credentials, and where they are missing or wrong it returns None, False or something
empty instead of raising, or swallows the error; and a handler or dependency that asks for it goes on
without looking at the result. In a list of `dependencies` nobody can look. A scheme with
`auto_error=False` counts too. Dependencies that are optional by name or configuration are no finding, nor
are consumers that test the result.

## Why

Whoever sends no token, or a forged one, is treated like everyone else. In tests with a valid token
nothing is to be seen. Where the consumer reads an attribute of the None, the request ends in a 500
instead of a 401.

## Bad

```python
# app/main.py
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header

app = FastAPI()


def verify_token(authorization: Annotated[str, Header()]) -> str | None:
    try:
        return jwt.decode(authorization, "key", algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        return None  # finding


@app.delete("/reports/{report_id}", dependencies=[Depends(verify_token)])
def delete_report(report_id: int) -> None:
    print(report_id)
```

## Good

```python
# app/main.py
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def verify_token(authorization: Annotated[str, Header()]) -> str:
    try:
        return jwt.decode(authorization, "key", algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error


@app.delete("/reports/{report_id}", dependencies=[Depends(verify_token)])
def delete_report(report_id: int) -> None:
    print(report_id)
```

## Fix

Raise `HTTPException(401)` where authentication fails. Where anonymous callers are welcome, call the
dependency optional, annotate its result with `| None`, and test it before it decides anything.

## References

- CWE-287, improper authentication: https://cwe.mitre.org/data/definitions/287.html
- CWE-636, not failing securely: https://cwe.mitre.org/data/definitions/636.html
- OWASP API2:2023, broken authentication: https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.fail_open import FailOpen, fail_open
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA303", severity=Severity.HIGH, cwe=(287, 636), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each dependency that goes on without an identity, while somebody relies on it."""
    for found in fail_open(project.isolation):
        yield Hit(
            place=found.place,
            message=_message(found),
            subject=found.dependant.name.rpartition(".")[2],
            severity=Severity.HIGH if found.passes else Severity.MEDIUM,
            confidence=found.confidence,
            trail=found.trail,
            guards_searched=("refusal in the dependency", "test in the consumer"),
        )


def _message(found: FailOpen) -> str:
    name = found.dependant.name.rpartition(".")[2]
    first = found.consumers[0].inspection.route.title
    more = f" and {len(found.consumers) - 1} more" if len(found.consumers) > 1 else ""
    ends = "is answered all the same" if found.passes else "ends in a server error"
    return (
        f"`{name}` does not refuse a request without valid credentials, and `{first}`{more} never looks at "
        f"what it gave, so the request {ends}; raise `HTTPException(401)` here."
    )
