"""Requests that forge what a dependency should have given: an unwrapped one becomes a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.mutations.applications import Description
from tests.mutations.probes import Probe


def forgeries(route: Any, description: Description, probe: Probe) -> Iterator[tuple[dict[str, str], Any]]:
    """Query parameters and bodies with which a stranger poses as the first user with every privilege."""
    dependant = route.dependant
    person = _person(description)
    query = {field.alias: str(person.get(field.alias, 1)) for field in _fields(dependant, "query_params")}
    bodies = [field.alias for field in _fields(dependant, "body_params")]
    if len(bodies) < 2:
        yield query, person if bodies and probe.json is None else probe.json
        return
    for own in [*bodies, ""]:
        yield query, {name: probe.json if name == own else person for name in bodies}


def _fields(dependant: Any, kind: str) -> list[Any]:
    found = list(getattr(dependant, kind))
    for inner in dependant.dependencies:
        found.extend(_fields(inner, kind))
    return found


def _person(description: Description) -> dict[str, Any]:
    """Every column of every table once: those of the administrator, with the first user's key."""
    columns: dict[str, Any] = {}
    for rows in reversed(description.rows.values()):
        columns |= {name: value for name, value in rows[0].items() if isinstance(value, str | int | bool)}
    for rows in description.rows.values():
        columns |= next((row for row in rows if str(row.get("id")) == "3" and len(row) > 3), {})
    key = type(next(iter(description.rows.values()))[0].get("id", 1))(1)
    owners = {name: key for name in (*description.owner_columns, "id") if name in columns}
    return {name: value for name, value in {**columns, **owners}.items() if not hasattr(value, "isoformat")}
