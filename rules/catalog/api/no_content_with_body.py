"""A body under a status that allows none.

## What

A route that answers 204, 205 or 304 declares a response model or returns a value; or it sets such a status on
the injected `Response`, or returns a response object of such a status with content.

## Why

With a declared model FastAPI refuses to start. A returned value is dropped without a word: the handler reads
as if the client got it. A response object with content breaks the connection, since the server has announced
that nothing follows.

## Bad

```python
# app/main.py
from fastapi import FastAPI, status

app = FastAPI()


@app.delete("/notes/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_note(note_id: int):
    return {"deleted": note_id}  # finding
```

## Good

```python
# app/main.py
from fastapi import FastAPI, status

app = FastAPI()


@app.delete("/notes/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_note(note_id: int) -> None:
    return None
```

## Fix

Return nothing, or answer 200. Where the value costs nothing to leave out, the fix returns None: what clients
get stays the same.

## References

- RFC 9110, 204 No Content: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5
- https://fastapi.tiangolo.com/tutorial/response-status-code/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Edit, Fix, Hit, Place, Safety, TrailStep
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.project import Project
from rules.project.responses.bodies_without_content import LostBody, lost_bodies
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA210", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each return or declaration."""
    reported: set[Place] = set()
    for inspection in project.isolation.inspections():
        for found in lost_bodies(inspection):
            place = found.origin.module.source.place(found.origin.node)
            if place not in reported:
                reported.add(place)
                yield _hit(project, found, place)


def _hit(project: Project, found: LostBody, place: Place) -> Hit:
    route = found.inspection.route
    defined = route.definition_place
    return Hit(
        place=place,
        message=_message(found),
        subject=f"{route.title} {found.way}",
        severity=Severity.HIGH if found.way in {"declared", "response"} else None,
        confidence=Confidence.MEDIUM if found.way == "written" else Confidence.HIGH,
        trail=(*route.trail(), TrailStep(defined.path, defined.line, f"`{route.name}` gives the answer")),
        fix=_fix(project, found, place) if found.way == "returned" else None,
    )


def _message(found: LostBody) -> str:
    route, code = found.inspection.route, found.code
    return {
        "declared": (
            f"`{route.title}` answers {code} and declares `{route.response_model}`, so the application does "
            "not start; declare `None`, or another status."
        ),
        "returned": (
            f"`{route.title}` answers {code}, so what is returned here never arrives; return nothing, or use "
            "another status."
        ),
        "written": (
            f"`{route.title}` sets the status to {code} and then returns a body, which never arrives; return "
            "nothing, or use another status."
        ),
        "response": (
            f"`{route.title}` returns a response of status {code} with content, which breaks the connection; "
            "leave the content out."
        ),
    }[found.way]


def _fix(project: Project, found: LostBody, place: Place) -> Fix | None:
    """Return None instead; only where the value is written out and computing it does nothing."""
    node = found.origin.node
    source = project.files.get(place.path)
    if source is None or not isinstance(node, ir.Return) or node.value is None:
        return None
    if any(isinstance(part, ir.Call | ir.Await | ir.Yield) for part in walk(node.value)):
        return None
    first, last = source.lines[place.line - 1], source.lines[place.end_line - 1]
    alone = first.lstrip().startswith("return") and not last[place.end_column - 1 :].strip()
    if not alone:
        return None
    indent = first[: len(first) - len(first.lstrip())]
    edit = Edit(place.path, place.line, place.end_line, f"{indent}return None\n")
    return Fix("Return nothing", Safety.SAFE, (edit,))
