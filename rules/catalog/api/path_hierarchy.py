"""A path that is built otherwise than the project's others.

## What

At least four in five of the project's paths (five or more) agree, and this one does not: words of a segment
in another style (`/user_groups` among `/order-items`), a collection in the singular among plurals, a slash at
the end, a parameter with no collection before it. What most of the project does is right, whatever it is.

## Why

Who knows some paths of an API guesses the others. A slash more or less is answered with a redirect, which
loses the body or the credentials in some clients; `/{id}/posts` takes every name that comes later.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
@app.get("/orders/{order_id}")
@app.get("/items/{item_id}")
@app.get("/invoices/{invoice_id}")
def read(user_id: int = 0, order_id: int = 0, item_id: int = 0, invoice_id: int = 0) -> None:
    return None


@app.get("/payment/{payment_id}")  # finding
def read_payment(payment_id: int) -> int:
    return payment_id
```

## Good

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
@app.get("/orders/{order_id}")
@app.get("/items/{item_id}")
@app.get("/invoices/{invoice_id}")
def read(user_id: int = 0, order_id: int = 0, item_id: int = 0, invoice_id: int = 0) -> None:
    return None


@app.get("/payments/{payment_id}")
def read_payment(payment_id: int) -> int:
    return payment_id
```

## Fix

Name the path as the others are named. Clients hold on to addresses: keep the old one as a deprecated route
for a while.

## References

- https://opensource.zalando.com/restful-api-guidelines/#134
- https://fastapi.tiangolo.com/tutorial/bigger-applications/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.consistency.path_styles import OddPath, odd_paths
from rules.project.project import Project
from rules.project.routing.routes import by_application
from rules.rule import Rule, Severity

RULE = Rule(code="BA219", severity=Severity.LOW)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each part of a path that deviates; one for a registration."""
    reported: set[Place] = set()
    for _, routes in by_application(project.routes):
        for odd in odd_paths(routes):
            if odd.route.place not in reported:
                reported.add(odd.route.place)
                yield _hit(odd)


def _hit(odd: OddPath) -> Hit:
    title = odd.route.title
    return Hit(
        place=odd.route.place,
        message=(
            f"`{title}` is built otherwise than the others: {odd.what}, while {odd.common.phrase} have "
            f"{odd.usual}; do as they do."
        ),
        subject=f"{title} {odd.part}",
        trail=odd.route.trail(),
    )
