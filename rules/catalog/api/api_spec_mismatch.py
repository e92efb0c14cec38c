"""The API is not what its specification says.

## What

The repository keeps a specification of its API (an OpenAPI 3 document, or a Markdown list of endpoints) and
the application differs from it: an operation is missing, not specified or served with another method; a
parameter, a body, a status, a field of a schema or the security is another. Specifications are found as
`openapi.yaml`, in `specs/` and `contracts/`, or named by `api-spec`. A difference that breaks clients written
to the specification is of high severity, one that leaves something unenforced of medium, a mere
addition of low. Different spellings of the same are no difference: nullable forms, the order of things,
examples, component names, numeric formats, the 422 that FastAPI adds.

## Why

Clients, tests and teams build on the specification. What deviates from it fails at them, long after the
review.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.post("/items")  # finding
def create_item(name: str) -> dict[str, str]:
    return {"name": name}
```
```yaml
# openapi.yaml
openapi: 3.1.0
info: {title: Items, version: "1"}
paths:
  /items:
    post:
      parameters:
        - {name: name, in: query, required: true, schema: {type: string}}
      responses:
        "201":
          description: Created
          content:
            application/json:
              schema:
                type: object
                additionalProperties: {type: string}
```

## Good

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.post("/items", status_code=201)
def create_item(name: str) -> dict[str, str]:
    return {"name": name}
```
```yaml
# openapi.yaml
openapi: 3.1.0
info: {title: Items, version: "1"}
paths:
  /items:
    post:
      parameters:
        - {name: name, in: query, required: true, schema: {type: string}}
      responses:
        "201":
          description: Created
          content:
            application/json:
              schema:
                type: object
                additionalProperties: {type: string}
```

## Fix

Change the code to what is specified. Where the code is right, change the specification in the same pull
request, so that whoever builds on it sees the change.

## References

- https://spec.openapis.org/oas/v3.1.0
- https://www.oasdiff.com/docs/breaking-changes
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.conformance.api_conformance import Mismatch
from rules.project.conformance.differences import Effect
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA208", severity=Severity.HIGH)

_SEVERITIES = {Effect.BREAKS: Severity.HIGH, Effect.WEAKENS: Severity.MEDIUM, Effect.ADDS: Severity.LOW}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each difference; the additions of an operation share one."""
    additions: dict[tuple[str, str], list[Mismatch]] = {}
    for mismatch in project.api_conformance.mismatches:
        if mismatch.difference.effect is Effect.ADDS:
            place = mismatch.place
            additions.setdefault((f"{place.path}:{place.line}", mismatch.title), []).append(mismatch)
        else:
            yield _hit([mismatch])
    yield from map(_hit, additions.values())


def _hit(mismatches: list[Mismatch]) -> Hit:
    first = mismatches[0]
    difference = first.difference
    said = "; ".join(dict.fromkeys(m.difference.text for m in mismatches))
    separator = " " if not difference.place else ": "
    shared = f" (also in {', '.join(f'`{title}`' for title in first.others[:4])})" if first.others else ""
    specified = first.specified
    return Hit(
        place=first.place,
        message=f"`{first.title}`{separator}{said}{shared}.",
        subject=f"{'' if difference.is_shared else first.title} {said}",
        severity=_SEVERITIES[difference.effect],
        confidence=min((m.difference.confidence for m in mismatches), key=lambda c: c.rank),
        trail=() if specified is None else (TrailStep(specified.path, specified.line, "specified here"),),
    )
