"""A route raises error statuses that its description does not have.

## What

A route, its dependencies or what they call raise an `HTTPException` with a status that neither the route's
`responses`, nor those of its routers or the application declare. FastAPI describes 422 by itself, and nothing
else.

## Why

Clients are generated from the description: what it does not have, they have no type and no branch for. Off
until it is asked for, because many projects describe the good case alone, and mean to.

## Bad

```python
# app/main.py
from fastapi import FastAPI, HTTPException

app = FastAPI()
notes = {1: "one"}


@app.get("/notes/{note_id}")  # finding
def read_note(note_id: int) -> str:
    if note_id not in notes:
        raise HTTPException(status_code=404, detail="no such note")
    return notes[note_id]
```

## Good

```python
# app/main.py
from fastapi import FastAPI, HTTPException

app = FastAPI()
notes = {1: "one"}


@app.get("/notes/{note_id}", responses={404: {"description": "Not Found"}})
def read_note(note_id: int) -> str:
    if note_id not in notes:
        raise HTTPException(status_code=404, detail="no such note")
    return notes[note_id]
```

## Fix

Declare the statuses in `responses`; what all routes of a router raise belongs to the router or its inclusion.

## References

- https://fastapi.tiangolo.com/advanced/additional-responses/
- OpenAPI 3.1, responses object: https://spec.openapis.org/oas/v3.1.0#responses-object
"""

from __future__ import annotations

import http
from collections.abc import Iterator

from rules.finding import Fix, Hit, Place, Safety, TrailStep
from rules.ir import nodes as ir
from rules.project.failures.error_statuses import Undocumented, all_undocumented
from rules.project.isolation.placement import place_of
from rules.project.project import Project
from rules.project.routing.registration_edits import with_argument
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA214", severity=Severity.INFO, default=False)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each registration, with all its statuses."""
    catching = project.catching
    reported: set[Place] = set()
    for found in all_undocumented(project.isolation.inspections(), catching):
        place = found.inspection.route.place
        if place not in reported:
            reported.add(place)
            yield _hit(found)


def _hit(found: Undocumented) -> Hit:
    route = found.inspection.route
    statuses = ", ".join(str(status) for status in found.raised)
    raises = [(place_of(r.effect.origin), status) for status, r in found.raised.items()]
    return Hit(
        place=route.place,
        message=(
            f"`{route.title}` can answer with {statuses}, which its description does not have; declare "
            f"{'it' if len(found.raised) == 1 else 'them'} in `responses`."
        ),
        subject=f"{route.title} {statuses}",
        confidence=Confidence.HIGH if route.resolved else Confidence.MEDIUM,
        trail=(*route.trail(), *(TrailStep(p.path, p.line, f"{status} is raised") for p, status in raises)),
        fix=_fix(found),
    )


def _fix(found: Undocumented) -> Fix | None:
    """Add `responses` to a decorator that has none."""
    route = found.inspection.route
    node = route.origin.node
    if isinstance(node, ir.Call) and node.keyword("responses") is not None:
        return None
    declared = ", ".join(f'{status}: {{"description": "{_phrase(status)}"}}' for status in found.raised)
    edit = with_argument(route, "responses", f"{{{declared}}}")
    return Fix("Declare the statuses in `responses`", Safety.SUGGEST, (edit,)) if edit else None


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Error"
