"""One route of a router lacks what all the others have.

## What

Of at least five routes of a router that may have it, at least four in five have authentication, tags, paging
parameters on a list, a response model, or a status written as a name, and exactly one has not. Said only
where no other rule says it.

## Why

What nearly all routes of a router do is the project's rule, whether anybody wrote it down or not. The one
that differs was mostly written later, by someone else, in a hurry: it is missing from its group in the
documentation, or is the one list that a client cannot page through.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/notes", tags=["notes"])
@app.get("/notes/new", tags=["notes"])
@app.get("/notes/old", tags=["notes"])
@app.get("/notes/best", tags=["notes"])
def read_notes() -> list[str]:
    return []


@app.get("/notes/latest")  # finding
def read_latest() -> list[str]:
    return []
```

## Good

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/notes", tags=["notes"])
@app.get("/notes/new", tags=["notes"])
@app.get("/notes/old", tags=["notes"])
@app.get("/notes/best", tags=["notes"])
def read_notes() -> list[str]:
    return []


@app.get("/notes/latest", tags=["notes"])
def read_latest() -> list[str]:
    return []
```

## Fix

Do as the siblings do; what all routes share belongs to the router: `APIRouter(tags=…, dependencies=…)`. Where
the route differs on purpose, suppress the finding and say why.

## References

- https://fastapi.tiangolo.com/tutorial/bigger-applications/#another-module-with-apirouter
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.consistency.siblings import Deviation, Trait, deviations
from rules.project.paging.unbounded_lists import unbounded_lists
from rules.project.project import Project
from rules.project.responses.untyped_responses import untyped_responses
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA217", severity=Severity.MEDIUM)
_MINOR = frozenset({Trait.TAGS, Trait.STATUS_STYLE, Trait.RESPONSE_MODEL})


def check(project: Project) -> Iterator[Hit]:
    """One hit for each route and trait."""
    inspections = project.isolation.inspections()
    for found in deviations(inspections, _reported(project)):
        yield _hit(found)


def _reported(project: Project) -> dict[Trait, set[int]]:
    """The routes of which a rule of their own speaks."""
    inspections = project.isolation.inspections()
    open_ = {id(exposure.inspection.route) for exposure in project.exposures}
    open_ |= {id(i.route) for found in project.unseen_requests for i in found.inspections}
    endless = {id(i.route) for i in inspections if any(True for _ in unbounded_lists(i))}
    untyped = {id(found.route) for found in untyped_responses(project.machine, inspections)}
    return {Trait.AUTHENTICATION: open_, Trait.PAGING: endless, Trait.RESPONSE_MODEL: untyped}


def _hit(found: Deviation) -> Hit:
    route = found.route
    names = ", ".join(f"`{holder.route.name}`" for holder in found.holders[:3])
    more = f" and {len(found.holders) - 3} more" if len(found.holders) > 3 else ""
    sibling = found.holders[0].route
    return Hit(
        place=route.place,
        message=(
            f"`{route.title}` lacks {found.trait.value}, which {names}{more} beside it have; do as they do, "
            "or say why it differs."
        ),
        subject=f"{route.title} {found.trait.value}",
        severity=Severity.LOW if found.trait in _MINOR else None,
        confidence=Confidence.LOW if found.trait is Trait.AUTHENTICATION else Confidence.HIGH,
        trail=(
            *route.trail(),
            TrailStep(sibling.place.path, sibling.place.line, f"`{sibling.title}` beside it has it"),
        ),
    )
