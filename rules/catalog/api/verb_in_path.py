"""A CRUD verb in the path.

## What

A path segment that begins with a CRUD verb (`/getItems`, `/create-user`, `/items/{id}/delete`): it repeats
the method, or a POST stands for what PUT, PATCH or DELETE are there for. Actions that are no CRUD
(`/orders/{id}/cancel`, `/login`, `/search`) are sound.

## Why

The path names the thing, the method says what happens to it. Clients, caches and proxies know that a DELETE
may be repeated and a GET changes nothing; of a `POST /items/{id}/delete` they know neither.

## Bad

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.post("/items/{item_id}/delete", status_code=204)  # finding
def delete_item(item_id: int) -> None:
    return None
```

## Good

```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int) -> None:
    return None
```

## Fix

Name the collection and let the method speak. The address is what clients hold on to: keep the old one as a
deprecated route for a while.

## References

- RFC 9110, section 9, methods: https://www.rfc-editor.org/rfc/rfc9110#section-9
- https://opensource.zalando.com/restful-api-guidelines/#141
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.project import Project
from rules.project.routing.crud_verbs import is_action, stands_for_another, verb_segment
from rules.project.routing.routes import Route
from rules.rule import Rule, Severity

RULE = Rule(code="BA202", severity=Severity.LOW)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each registration of a FastAPI route with a verb in its path."""
    reported: set[Place] = set()
    for route in project.routes:
        found = verb_segment(route) if route.kind == "api" and route.path_known else None
        if found is not None and not is_action(route, *found) and route.place not in reported:
            reported.add(route.place)
            yield _hit(route, *found)


def _hit(route: Route, segment: str, meant: str) -> Hit:
    other = stands_for_another(route, meant)
    why = (
        f"stands for a {meant}, which clients and proxies then cannot tell from any other POST"
        if other
        else "says with a verb what the method already says"
    )
    return Hit(
        place=route.place,
        message=f"`{segment}` of `{route.title}` {why}; name the thing in the path and use {meant}.",
        subject=f"{route.title} {segment}",
        trail=route.trail(),
    )
