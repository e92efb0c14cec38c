"""A request body that nothing validates.

## What

A POST, PUT or PATCH takes its body as `dict`, `Any` or a list of them, or parses `await request.json()` and
takes values out of it. Webhooks that check a signature over the raw body are sound, and so are
`dict[str, X]` and `list[X]` with a type for X.

## Why

Whatever arrives goes on: a missing key is a `KeyError` and a 500 instead of a 422, a number where a text was
meant fails three calls later, and fields that nobody expected travel into the database. The OpenAPI document
says nothing of what the endpoint takes.

## Bad

```python
# app/main.py
from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.post("/notes", status_code=201)
def create_note(body: dict[str, Any]) -> str:  # finding
    return body["title"]
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class NoteIn(BaseModel):
    title: str = Field(max_length=200)


@app.post("/notes", status_code=201)
def create_note(body: NoteIn) -> str:
    return body.title
```

## Fix

Declare a model with the fields that are used.

## References

- CWE-20, improper input validation: https://cwe.mitre.org/data/definitions/20.html
- https://fastapi.tiangolo.com/tutorial/body/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.inputs.untyped_bodies import UntypedBody, untyped_body
from rules.project.project import Project
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA205", severity=Severity.MEDIUM, cwe=(20,), owasp=("API3",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each body, on its parameter or where it is parsed."""
    reported = set()
    for inspection in project.isolation.inspections():
        found = untyped_body(inspection)
        if found is None:
            continue
        place = found.origin.module.source.place(found.origin.node)
        if place not in reported:
            reported.add(place)
            defined = found.route.definition_place
            yield Hit(
                place=place,
                message=_message(found),
                subject=found.route.title,
                confidence=Confidence.HIGH if found.route.resolved else Confidence.MEDIUM,
                trail=(
                    *found.route.trail(),
                    TrailStep(defined.path, defined.line, f"`{found.route.name}` takes the body"),
                ),
            )


def _message(found: UntypedBody) -> str:
    title = found.route.title
    if found.parameter is not None:
        return (
            f"the body of `{title}` is `{found.parameter.name}` without a type, so whatever a client sends "
            "goes on unchecked; declare a model with the fields that are used."
        )
    used = f"`{found.read}`" if found.read else "values"
    return (
        f"`{title}` parses its body itself and takes {used} out of it unchecked, so a missing or wrong one "
        "ends as a 500; declare a model as a parameter."
    )
