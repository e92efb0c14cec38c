"""What clients send may be of any size.

## What

A model that a request body is validated with has texts or lists without a bound, said once for the model; or
a paging parameter has no upper bound and no code limits it. Fields that a validator looks at, and types that
bound themselves (`EmailStr`, `UUID`, enumerations, literals), are sound.

## Why

The length that nobody thought of is the one that arrives: a megabyte in a name, a million ids in a list,
`?limit=100000000`. The column or the memory of the process is then the bound, and the answer a 500.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class NoteIn(BaseModel):  # finding
    title: str
    tags: list[str]


@app.post("/notes", status_code=201)
def create_note(note: NoteIn) -> NoteIn:
    return note
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class NoteIn(BaseModel):
    title: str = Field(max_length=200)
    tags: list[Annotated[str, Field(max_length=30)]] = Field(max_length=20)


@app.post("/notes", status_code=201)
def create_note(note: NoteIn) -> NoteIn:
    return note
```

## Fix

Say `max_length`, a pattern, or `le` for a number of rows.

## References

- CWE-770, allocation of resources without limits: https://cwe.mitre.org/data/definitions/770.html
- OWASP API4:2023: https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/
- https://docs.pydantic.dev/latest/concepts/fields/#string-constraints
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place, TrailStep
from rules.project.inputs.bounds import unbounded_fields, unbounded_page_size
from rules.project.inputs.request_bodies import BodyModel, body_models
from rules.project.project import Project
from rules.project.routing.parameters import Parameter
from rules.project.routing.routes import Route
from rules.project.schema.schemas import SchemaField
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA206", severity=Severity.LOW, cwe=(770,), owasp=("API4",))
_SHOWN = 5


def check(project: Project) -> Iterator[Hit]:
    """One hit for each class that declares such fields, and for each paging parameter."""
    reported: set[Place] = set()
    for found in body_models(project.routes, project.schemas):
        for fields in _by_class(unbounded_fields(found.schema)):
            if fields[0].place not in reported:
                reported.update(field.place for field in fields)
                yield _model(found, fields)
    seen: set[Place] = set()
    for route in project.routes:
        asked = route.dependant.all_parameters() if route.kind == "api" else ()
        for parameter in asked:
            place = _place(parameter, route)
            if place not in seen and unbounded_page_size(parameter, project.isolation.inspect(route).run):
                seen.add(place)
                yield _page_size(parameter, route, place)


def _by_class(fields: tuple[SchemaField, ...]) -> Iterator[tuple[SchemaField, ...]]:
    """The fields by the class that declares them: a base's are said once, not for each model made of it."""
    groups: dict[int, list[SchemaField]] = {}
    for field in fields:
        groups.setdefault(id(field.declared_by.node), []).append(field)
    yield from map(tuple, groups.values())


def _model(found: BodyModel, fields: tuple[SchemaField, ...]) -> Hit:
    names = ", ".join(f"`{field.name}`" for field in fields[:_SHOWN])
    more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
    does = "has" if len(fields) == 1 else "have"
    registered = found.route.place
    declared = fields[0].declared_by
    return Hit(
        place=declared.module.source.place(declared.node),
        message=(
            f"{names}{more} of `{declared.qualname}`, which `{found.route.title}` takes, {does} no bound, so "
            "clients may send any length; say `max_length`."
        ),
        subject=declared.qualname,
        confidence=Confidence.HIGH if found.schema.complete else Confidence.LOW,
        trail=(
            TrailStep(registered.path, registered.line, f"`{found.route.title}` takes `{found.schema.name}`"),
            *(TrailStep(f.place.path, f.place.line, f"`{f.name}` has no bound") for f in fields[:_SHOWN]),
        ),
    )


def _page_size(parameter: Parameter, route: Route, place: Place) -> Hit:
    return Hit(
        place=place,
        message=(
            f"`{parameter.alias}` of `{route.title}` has no upper bound, so one request may ask for all "
            "rows; say `le=` in a `Query`."
        ),
        subject=f"{route.title} {parameter.name}",
        confidence=Confidence.HIGH if route.dependant.resolved else Confidence.MEDIUM,
        trail=route.trail(),
    )


def _place(parameter: Parameter, route: Route) -> Place:
    origin = parameter.origin or route.origin
    return origin.module.source.place(origin.node)
