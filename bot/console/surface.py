"""The change of an API's surface: operations added, removed, and changed, between two inventories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from rules.inventory import RouteInventory, RouteRecord

_Operation = tuple[str, str, str]

_MOVING = frozenset({"file", "line", "methods"})
"""What may differ while the operation stays the same to its callers."""


class ChangedRoute(msgspec.Struct, frozen=True):
    """One operation as it was and as it is."""

    before: RouteRecord
    after: RouteRecord


class SurfaceChange(msgspec.Struct, frozen=True):
    """The JSON of `routes --base`."""

    added: tuple[RouteRecord, ...] = ()
    removed: tuple[RouteRecord, ...] = ()
    changed: tuple[ChangedRoute, ...] = ()


def surface_change(base: RouteInventory, head: RouteInventory) -> SurfaceChange:
    """Return the difference; an operation is an application, a path and one method."""
    before, after = dict(_operations(base)), dict(_operations(head))
    kept = [operation for operation in after if operation in before]
    return SurfaceChange(
        added=_each_once(after[operation] for operation in after if operation not in before),
        removed=_each_once(before[operation] for operation in before if operation not in after),
        changed=tuple(
            ChangedRoute(before[operation], after[operation])
            for operation in kept
            if differing_fields(ChangedRoute(before[operation], after[operation]))
        ),
    )


def differing_fields(change: ChangedRoute) -> tuple[str, ...]:
    """Return the names of the fields in which a changed operation differs."""
    return tuple(
        name
        for name in change.before.__struct_fields__
        if name not in _MOVING and getattr(change.before, name) != getattr(change.after, name)
    )


def _operations(inventory: RouteInventory) -> Iterator[tuple[_Operation, RouteRecord]]:
    """Yield the operations, the last first: of two with the same key the first to match remains."""
    for route in reversed(inventory.routes):
        for method in route.methods or ("WEBSOCKET",):
            yield (route.app, route.path, method), route


def _each_once(routes: Iterable[RouteRecord]) -> tuple[RouteRecord, ...]:
    """Return the routes in the order of path and methods, a route with several methods once."""
    once = {(route.app, route.path, route.methods, route.file, route.line): route for route in routes}
    return tuple(once[key] for key in sorted(once))
