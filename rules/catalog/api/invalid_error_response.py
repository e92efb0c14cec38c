"""An error that does not arrive as one.

## What

`return {...}, 404` (which is Flask's way), an HTTPException that is returned instead of raised, one with a
status below 300, a dict with an error's text under status 200, or an HTTPException that a broad `except` of
the same function catches and turns into something else.

## Why

Clients go by the status. The tuple arrives as a JSON list with status 200; a returned exception is serialised
or fails as a 500; a swallowed 404 becomes whatever the `except` says. In each case monitoring sees a success,
and the caller works on with an error's text for data.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()
NOTES = {1: "first"}


@app.get("/notes/{note_id}")
def read_note(note_id: int):
    if note_id not in NOTES:
        return {"error": "no such note"}, 404  # finding
    return {"text": NOTES[note_id]}
```

## Good

```python
# app/main.py
from fastapi import FastAPI, HTTPException

app = FastAPI()
NOTES = {1: "first"}


@app.get("/notes/{note_id}")
def read_note(note_id: int) -> dict[str, str]:
    if note_id not in NOTES:
        raise HTTPException(status_code=404, detail="no such note")
    return {"text": NOTES[note_id]}
```

## Fix

Raise an `HTTPException`; let a broad `except` pass it on with `except HTTPException: raise` before it. The
fix raises a returned exception, a tuple's status, and as a 404 a text that says that something is not there.

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
- RFC 9110, status codes: https://www.rfc-editor.org/rfc/rfc9110#section-15
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place, TrailStep
from rules.project.project import Project
from rules.project.responses.error_edits import raised_instead
from rules.project.responses.wrong_errors import WrongError, wrong_errors
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA211", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each statement."""
    reported: set[Place] = set()
    for inspection in project.isolation.inspections():
        for found in wrong_errors(inspection, project.frames):
            place = found.origin.module.source.place(found.origin.node)
            if place not in reported:
                reported.add(place)
                yield Hit(
                    place=place,
                    message=_message(found),
                    subject=f"{inspection.route.title} {found.way}",
                    severity=Severity.MEDIUM if found.way == "swallowed" else None,
                    confidence=Confidence.MEDIUM if found.way == "dict" else Confidence.HIGH,
                    trail=_trail(found),
                    fix=raised_instead(project, found),
                )


def _message(found: WrongError) -> str:
    title, code = found.inspection.route.title, found.code
    named = f" {code}" if code is not None else ""
    return {
        "tuple": (
            f"`{title}` returns a tuple here, which arrives as a list with status 200, not as{named}; raise "
            "an `HTTPException`."
        ),
        "dict": (
            f"`{title}` answers an error's text with status 200 here, so clients take it for data; raise an "
            "`HTTPException`."
        ),
        "returned": (
            f"`{title}` returns an `HTTPException`{named} instead of raising it, so the status is not{named} "
            "and the answer no error; raise it."
        ),
        "status": f"`{title}` raises an `HTTPException` of status{named}, which is no error; return instead.",
        "swallowed": (
            f"the{named} that `{title}` raises here is caught by the broad `except` around it, so it never "
            "arrives; put `except HTTPException: raise` before that."
        ),
    }[found.way]


def _trail(found: WrongError) -> tuple[TrailStep, ...]:
    route = found.inspection.route
    place = found.origin.module.source.place(found.origin.node)
    steps = [*route.trail(), TrailStep(place.path, place.line, "the error is made here")]
    if found.handler is not None:
        caught = found.handler.module.source.place(found.handler.node)
        steps.append(TrailStep(caught.path, caught.line, "and caught here"))
    return tuple(steps)
