"""The text of an unforeseen exception, or a traceback, in an answer.

## What

An `except Exception`, a bare `except`, one for errors of the database or the system, a middleware or a
handler of such exceptions sends what it caught: `str(error)`, `repr(error)`, `error.args`,
`traceback.format_exc()` in the detail of an HTTP error, in a response or in what the route returns.
Exceptions of the project, narrow types such as `ValueError`, validation errors and paths that only
debugging takes are no finding.

## Why

Such texts name tables, columns, values, paths, hosts and versions. They help whoever probes the API, and tell
its users nothing.

## Bad

```python
# app/main.py
from fastapi import FastAPI, HTTPException
from sqlmodel import Session, create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.post("/orders")
def create_order() -> None:
    try:
        with Session(engine) as session:
            session.execute(text("INSERT INTO orders DEFAULT VALUES"))
    except Exception as error:
        raise HTTPException(500, detail=str(error))  # finding
```

## Good

```python
# app/main.py
import logging

from fastapi import FastAPI, HTTPException
from sqlmodel import Session, create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")
logger = logging.getLogger(__name__)


@app.post("/orders")
def create_order() -> None:
    try:
        with Session(engine) as session:
            session.execute(text("INSERT INTO orders DEFAULT VALUES"))
    except Exception as error:
        logger.exception("The order could not be created")
        raise HTTPException(500, detail="Internal server error") from error
```

## Fix

Log the exception and answer with a text of your own. Where the detail is one expression, the change is
suggested.

## References

- CWE-209, error message containing sensitive information: https://cwe.mitre.org/data/definitions/209.html
- OWASP API8:2023: https://owasp.org/API-Security/editions/2023/en/0xa8-security-misconfiguration/
- FastAPI, handling errors: https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.error_texts import ErrorText
from rules.project.taint.generic_texts import generic
from rules.rule import Rule, Severity

RULE = Rule(code="BA321", severity=Severity.MEDIUM, cwe=(209,), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each answer that carries the text of an exception."""
    for found in project.taint.error_texts:
        yield Hit(
            place=found.place,
            message=_message(found),
            subject=f"{found.titles[0]} {found.caught}",
            confidence=found.confidence,
            trail=found.trail,
            fix=generic(found),
        )


def _message(found: ErrorText) -> str:
    more = f" and {len(found.titles) - 1} more" if len(found.titles) > 1 else ""
    what = "a traceback" if found.is_trace else f"the text of {found.caught}"
    return (
        f"{found.titles[0]}{more} sends {what} to the client, whatever it says of tables, paths and values; "
        f"log it and answer with a text of your own."
    )
