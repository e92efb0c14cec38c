"""An error body of another shape than the project's others.

## What

At least four in five of the places that make error bodies (five or more) give them the same shape, such as a
text as `detail`. This one differs: an object, other keys, a response of its own with a body of its own.

## Why

Clients read errors in one place: what they show comes from one path in the body. A body of another shape is
shown as `[object Object]`, or breaks the code that reads it, just when something else has gone wrong.

## Bad

```python
# app/main.py
from fastapi import FastAPI, HTTPException

app = FastAPI()
notes = {1: "one"}


@app.get("/notes/{note_id}")
def read_note(note_id: int) -> str:
    if note_id < 0:
        raise HTTPException(400, detail="a negative number")
    if note_id > 1000:
        raise HTTPException(400, detail="too large a number")
    if note_id not in notes:
        raise HTTPException(404, detail="no such note")
    return notes[note_id]


@app.delete("/notes/{note_id}", status_code=204)
def delete_note(note_id: int) -> None:
    if note_id not in notes:
        raise HTTPException(404, detail="no such note")
    if note_id == 1:
        raise HTTPException(409, detail={"reason": "the first note stays"})  # finding
    del notes[note_id]
```

## Good

```python
# app/main.py
from fastapi import FastAPI, HTTPException

app = FastAPI()
notes = {1: "one"}


@app.get("/notes/{note_id}")
def read_note(note_id: int) -> str:
    if note_id < 0:
        raise HTTPException(400, detail="a negative number")
    if note_id > 1000:
        raise HTTPException(400, detail="too large a number")
    if note_id not in notes:
        raise HTTPException(404, detail="no such note")
    return notes[note_id]


@app.delete("/notes/{note_id}", status_code=204)
def delete_note(note_id: int) -> None:
    if note_id not in notes:
        raise HTTPException(404, detail="no such note")
    if note_id == 1:
        raise HTTPException(409, detail="the first note stays")
    del notes[note_id]
```

## Fix

Give the error the shape of the others. Where errors need more than a text, change all of them: one exception
class of the project's own with one handler that makes the body.

## References

- RFC 9457, problem details for HTTP APIs: https://www.rfc-editor.org/rfc/rfc9457
- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.consistency.error_shapes import ErrorSite, error_sites
from rules.project.consistency.majority import Majority, majority
from rules.project.failures.exception_handlers import exception_handlers
from rules.project.isolation.placement import place_of
from rules.project.isolation.standing import steps_to
from rules.project.project import Project
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA213", severity=Severity.LOW)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each place whose error differs from those of the majority."""
    catching = project.catching
    rewritten = exception_handlers(project.machine).rewrites_http_errors
    inspections = project.isolation.inspections()
    sites = list(error_sites(inspections, catching, bare_responses=not rewritten))
    common = majority(site.shape for site in sites)
    for site in sites if common is not None else ():
        assert common is not None
        if site.shape != common.value:
            yield _hit(site, common, rewritten=rewritten)


def _hit(site: ErrorSite, common: Majority[str], *, rewritten: bool) -> Hit:
    title = site.inspection.route.title
    return Hit(
        place=place_of(site.origin),
        message=(
            f"This error of `{title}` has {site.shape}, while {common.phrase} places of the project give "
            f"{common.value}; give it the same shape."
        ),
        subject=f"{title} {site.shape}",
        confidence=Confidence.MEDIUM if rewritten else Confidence.HIGH,
        trail=tuple(steps_to(site.inspection, site.effect, f"an error with {site.shape}")),
    )
