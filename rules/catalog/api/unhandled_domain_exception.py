"""A project's own exception leaves a route, and nobody turns it into an answer.

## What

A class of the project that derives from `Exception`, but not from `HTTPException`, is raised on a path from a
route. Nothing on the way catches it, and the application has no handler for it or for a base of it.

## Why

Whatever the exception means (not found, not allowed, out of stock), the client gets "500 Internal Server
Error": it cannot tell its own mistake from a broken server, retries, and the alarm rings for nothing.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()
stock = {"pen": 3}


class OutOfStock(Exception):
    pass


@app.post("/orders/{name}", status_code=201)
def order(name: str) -> int:
    if not stock.get(name):
        raise OutOfStock(name)  # finding
    stock[name] -= 1
    return stock[name]
```

## Good

```python
# app/main.py
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
stock = {"pen": 3}


class OutOfStock(Exception):
    pass


@app.exception_handler(OutOfStock)
def out_of_stock(request: Request, error: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=409)


@app.post("/orders/{name}", status_code=201)
def order(name: str) -> int:
    if not stock.get(name):
        raise OutOfStock(name)
    stock[name] -= 1
    return stock[name]
```

## Fix

Register one handler for the exception or for the base of all domain exceptions; or catch it in the route and
raise an `HTTPException` with the status that it means.

## References

- CWE-755, improper handling of exceptional conditions: https://cwe.mitre.org/data/definitions/755.html
- https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.failures.domain_exceptions import Unhandled, unhandled_exceptions
from rules.project.isolation.placement import place_of
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA218", severity=Severity.MEDIUM, cwe=(755,))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each raise, at the first route that it leaves."""
    reported: set[Place] = set()
    for found in unhandled_exceptions(project):
        place = standing_of(found.raised.inspection, found.raised.effect)
        written = place_of(found.raised.effect.origin)
        if place not in reported and written not in reported:
            reported |= {place, written}
            yield _hit(found, place)


def _hit(found: Unhandled, place: Place) -> Hit:
    title, name = found.raised.inspection.route.title, found.cls.qualname
    return Hit(
        place=place,
        message=(
            f"`{name}` can leave `{title}`, and no handler is registered for it: the client gets a 500; "
            f"register an exception handler for `{name}` or a base of it, or raise an HTTPException."
        ),
        subject=f"{title} {name}",
        confidence=Confidence.HIGH if found.certain else Confidence.MEDIUM,
        trail=tuple(steps_to(found.raised.inspection, found.raised.effect, f"`{name}` is raised")),
    )
