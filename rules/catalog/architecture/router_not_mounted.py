"""A router that no application includes.

## What
An `APIRouter` has routes, and no application includes it, directly or through another router. Where the
project pins a FastAPI that copies routes at `include_router`, also a route that is registered on a router
after its inclusion.

## Why
Its endpoints answer 404. Either a line was lost and nobody noticed, or the code is dead and its next reader
takes it for a part of the API.

## Bad
```python
# app/main.py
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/notes")  # finding


@router.get("/")
def read_notes() -> list[str]:
    return ["milk"]
```

## Good
```python
# app/main.py
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/notes")


@router.get("/")
def read_notes() -> list[str]:
    return ["milk"]


app.include_router(router)
```

## Fix
`app.include_router(router)`, or delete the router.

## References
- https://fastapi.tiangolo.com/tutorial/bigger-applications/#include-the-apirouters-for-users-and-items
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.project import Project
from rules.project.routing.unmounted_routers import TooLate, Unmounted, late_routes, unmounted_routers
from rules.rule import Rule, Severity

RULE = Rule(code="BA107", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each router that is not served, and for each route that comes too late."""
    for found in unmounted_routers(project):
        yield _of_router(found)
    for late in late_routes(project):
        yield _of_route(late)


def _of_router(found: Unmounted) -> Hit:
    count = len(found.endpoints)
    routes = "its route answers" if count == 1 else f"its {count} routes answer"
    first = found.endpoints[0].origin
    place = first.module.source.place(first.node)
    return Hit(
        place=found.place,
        message=f"no application includes `{found.name}`, so {routes} 404; include it, or delete it.",
        subject=found.name,
        confidence=found.confidence,
        trail=(TrailStep(place.path, place.line, "a route is registered on it here"),),
        guards_searched=("`include_router`", "mount", "start-up code that gets the router"),
    )


def _of_route(late: TooLate) -> Hit:
    origin = late.inclusion.origin
    included = origin.module.source.place(origin.node)
    return Hit(
        place=late.place,
        message=(
            "this route is registered after its router was included, and the pinned FastAPI copies routes at "
            "`include_router`, so it answers 404; register it before."
        ),
        subject="late",
        trail=(TrailStep(included.path, included.line, "the router is included here, before the route"),),
        guards_searched=("version of FastAPI",),
    )
