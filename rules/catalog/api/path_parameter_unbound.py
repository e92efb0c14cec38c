"""A path template and the handler's parameters do not fit.

## What

A name in the path template that no parameter of the handler or of its dependencies takes, or a parameter
declared with `Path()` whose name is not in the template. Names that the project reads from
`request.path_params` itself count as taken.

## Why

FastAPI matches by name alone. A parameter that does not stand in the template becomes a required query
parameter: `/items/7` answers 422 until the client adds `?item_id=…`, and then the id in the path means
nothing. A `Path()` parameter without a place can never be given at all.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{id}")  # finding
def read_item(item_id: int) -> dict[str, int]:
    return {"id": item_id}
```

## Good

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int) -> dict[str, int]:
    return {"id": item_id}
```

## Fix

Give both the same name (or the parameter an `alias`). Where exactly one name and one parameter are left
over, the template's name is changed, which no client sees.

## References

- https://fastapi.tiangolo.com/tutorial/path-params/
- https://docs.astral.sh/ruff/rules/fast-api-unused-path-parameter/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit, Place, Safety, TrailStep
from rules.project.project import Project
from rules.project.routing.path_bindings import Unbound, unbound
from rules.project.source_edits import replaced
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA203", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each registration, wherever its router is included."""
    reported: set[Place] = set()
    for found in unbound(project.routes, project.files):
        place = found.route.place
        if place not in reported:
            reported.add(place)
            yield Hit(
                place=place,
                message=_message(found),
                subject=found.route.title,
                confidence=_confidence(found),
                trail=_trail(found),
                fix=_fix(project, found),
            )


def _confidence(found: Unbound) -> Confidence:
    """A prefix's name may be there for the reader alone; what an unknown dependency takes is unknown."""
    if not found.route.dependant.resolved:
        return Confidence.LOW
    return Confidence.HIGH if found.own or found.meant or found.lost else Confidence.MEDIUM


def _message(found: Unbound) -> str:
    route = found.route
    if found.meant is not None:
        where = "can never be given" if found.meant in found.lost else "is a required query parameter"
        return (
            f"`{found.names[0]}` of `{route.title}` is taken by nobody, and `{found.meant.name}` of "
            f"`{route.name}` {where}; give both the same name."
        )
    if found.names:
        names = " and ".join(f"`{name}`" for name in found.names)
        return (
            f"{names} of `{route.title}` is taken by no parameter of `{route.name}` or its dependencies, so "
            "what the client writes there changes nothing; declare a parameter of that name."
        )
    names = " and ".join(f"`{parameter.name}`" for parameter in found.lost)
    return (
        f"{names} of `{route.name}` is declared as `Path()`, and `{route.path}` has no place for it, so each "
        "request is answered with 422; add it to the path."
    )


def _trail(found: Unbound) -> tuple[TrailStep, ...]:
    route = found.route
    defined = route.definition_place
    return (
        *route.trail(),
        TrailStep(defined.path, defined.line, f"`{route.name}` and its dependencies declare what is taken"),
    )


def _fix(project: Project, found: Unbound) -> Fix | None:
    if found.meant is None or not found.own:
        return None
    name, place = found.names[0], found.route.place
    colon = next((c for c in ("}", ":") if f"{{{name}{c}" in found.route.path), "}")
    edits = replaced(
        project.files.get(place.path), place, f"{{{name}{colon}", f"{{{found.meant.alias}{colon}"
    )
    title = f"Name the path's part `{found.meant.alias}`"
    return Fix(title, Safety.SUGGEST, edits) if edits else None
