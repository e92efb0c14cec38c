"""A route that an earlier one always matches first.

## What
A route's path is also matched by a route that is registered before it, for the same method: a parameter
where the later one has fixed text, the same path twice, a catch-all, or a mount above it. The order counts
over all routers of the application, as they are included.

## Why
FastAPI asks its routes in order and takes the first that matches. The later handler never runs: callers get
the wrong handler's answer, or a 422 because `me` is no integer. A Python annotation such as `id: int` does
not help, for it is looked at after the route was chosen; only a convertor in the path (`{id:int}`) does.

## Bad
```python
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
def read_user(user_id: int) -> dict[str, int]:
    return {"id": user_id}


@app.get("/users/me")  # finding
def read_me() -> dict[str, str]:
    return {"id": "me"}
```

## Good
```python
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/me")
def read_me() -> dict[str, str]:
    return {"id": "me"}


@app.get("/users/{user_id}")
def read_user(user_id: int) -> dict[str, int]:
    return {"id": user_id}
```

## Fix
Register the more specific route first. Where both handlers stand in one file and nothing between them is
needed by the later one, the fix moves it before the earlier; it is a suggestion, because requests that one
handler answered are answered by the other from then on. A route that is registered twice: remove one.

## References
- https://fastapi.tiangolo.com/tutorial/path-params/#order-matters
- https://www.starlette.io/routing/#route-priority
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rules.evaluation.values import Condition
from rules.finding import Fix, Hit, Place, Safety, TrailStep
from rules.project.project import Project
from rules.project.routing.conditions import exclude_each_other
from rules.project.routing.inclusion import PlacedMount
from rules.project.routing.path_patterns import PathTree, segments
from rules.project.routing.readings import text
from rules.project.routing.routes import Route, by_application
from rules.project.statement_moves import can_pass, move, suite_with
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA204", severity=Severity.HIGH)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What stands in front: a route, or a mount and where its own routes end."""

    position: int
    route: Route | None = None
    mount: PlacedMount | None = None


def check(project: Project) -> Iterator[Hit]:
    """Ask for each route, in matching order, whether something before it takes its requests."""
    reported: set[Place] = set()
    for application, routes in by_application(project.routes):
        for websocket in (False, True):
            tree: PathTree[_Earlier] = PathTree()
            mounts = sorted(application.mounts, key=lambda m: m.end)
            for position, route in enumerate(routes):
                while mounts and mounts[0].end <= position:
                    _add_mount(tree, mounts.pop(0))
                if route.is_websocket is not websocket or not route.path_known:
                    continue
                hit = _shadowed(tree, route)
                if hit is not None and hit.place not in reported:
                    reported.add(hit.place)
                    yield hit
                tree.add(route.path, _Earlier(position, route=route))


def _add_mount(tree: PathTree[_Earlier], mount: PlacedMount) -> None:
    if mount.prefix.known:
        tree.add(mount.prefix.text + "/{rest:path}", _Earlier(mount.end, mount=mount))


def _shadowed(tree: PathTree[_Earlier], route: Route) -> Hit | None:
    for earlier in sorted(tree.covering(route.path), key=lambda e: e.position):
        if earlier.mount is not None and not exclude_each_other(
            _mount_conditions(earlier.mount), route.conditions
        ):
            return _below_mount(earlier.mount, route)
        if earlier.route is not None and _takes(earlier.route, route):
            return _behind(earlier.route, route)
    return None


def _takes(earlier: Route, route: Route) -> bool:
    common = not route.methods or not earlier.methods or set(earlier.methods) & set(route.methods)
    return bool(common) and not exclude_each_other(earlier.conditions, route.conditions)


def _behind(earlier: Route, route: Route) -> Hit:
    twice = segments(earlier.path) == segments(route.path)
    place = route.place
    if earlier.origin.node is route.origin.node:
        place = _included_again(earlier, route) or place
    where = f"`{earlier.name}` ({earlier.definition_place.path}:{earlier.definition_place.line})"
    if twice:
        message = (
            f"`{route.title}` is registered twice: {where} answers before `{route.name}`, which is never "
            "reached; remove one of the two, or give them different paths or methods."
        )
    else:
        message = (
            f"`{route.title}` is never reached: `{earlier.path}` of {where} is registered before it and "
            f"matches the same requests; register `{route.name}` first."
        )
    return Hit(
        place=place,
        message=message,
        subject=route.title,
        confidence=_confidence(earlier, route),
        trail=(*_note(earlier, "matches first: "), *_note(route, "never reached: ")),
        fix=None if twice else _fix(earlier, route),
    )


def _below_mount(mount: PlacedMount, route: Route) -> Hit:
    origin = mount.entry.origin
    place = origin.module.source.place(origin.node)
    path = text(mount.entry.path).text or "/"
    conditional = bool(mount.entry.conditions)
    return Hit(
        place=route.place,
        message=(
            f"`{route.title}` is never reached: the mount at `{path}` ({place.path}:{place.line}) comes "
            "before it and takes every path below; mount after the routes are registered."
        ),
        subject=route.title,
        confidence=Confidence.MEDIUM if conditional else Confidence.HIGH,
        trail=(
            TrailStep(place.path, place.line, f"mounted at `{path}`, before the route"),
            *_note(route, "never reached: "),
        ),
    )


def _mount_conditions(mount: PlacedMount) -> tuple[Condition, ...]:
    return mount.context.conditions + mount.entry.conditions


def _confidence(earlier: Route, route: Route) -> Confidence:
    shared = {(id(c.origin.node), c.negated) for c in route.conditions}
    extra = any((id(c.origin.node), c.negated) not in shared for c in earlier.conditions)
    return Confidence.MEDIUM if extra else Confidence.HIGH


def _note(route: Route, prefix: str) -> Iterator[TrailStep]:
    """The way a route comes into the application, its last step said in full."""
    *steps, last = route.trail()
    yield from steps
    yield TrailStep(last.path, last.line, f"{prefix}`{route.title}` (`{route.name}`)")


def _included_again(earlier: Route, route: Route) -> Place | None:
    """The inclusion through which one and the same registration comes a second time."""
    for first, second in zip_longest(earlier.steps, route.steps):
        if first is not second and second is not None:
            return second.origin.module.source.place(second.origin.node)
    return None


def _fix(earlier: Route, route: Route) -> Fix | None:
    module = route.origin.module
    if earlier.origin.module is not module or earlier.steps != route.steps:
        return None
    found = suite_with(module, earlier.origin.node, route.origin.node)
    if found is None:
        return None
    suite, first, second = found
    if first > second or not can_pass(suite[second], suite[first:second]):
        return None
    edits = move(module, suite, second, first)
    title = f"Register `{route.name}` before `{earlier.name}`"
    return Fix(title, Safety.SUGGEST, edits) if edits else None
