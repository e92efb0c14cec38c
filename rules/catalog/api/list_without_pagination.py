"""A list without any bound on its length.

## What

A GET gives all rows of a query that has no limit: neither `.limit(…)`, nor a paging library, nor a key that
picks single rows. A criterion such as the owner narrows the list and lowers the confidence, it is no bound.

## Why

Such an endpoint is fast with the data of the first week. Later every call reads, builds and sends the whole
table: memory and time grow with the data, and any client can ask for it as often as it likes.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
app = FastAPI()


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes")
def read_notes() -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note)).all())  # finding
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import FastAPI, Query
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
app = FastAPI()


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


@app.get("/notes")
def read_notes(offset: int = 0, limit: Annotated[int, Query(ge=1, le=100)] = 100) -> list[Note]:
    with Session(engine) as session:
        return list(session.exec(select(Note).order_by(Note.id).offset(offset).limit(limit)).all())
```

## Fix

Take `offset` and a bounded `limit` from the query and hand both to the statement, with an order. The fix does
so where the handler itself writes the statement; give it an `order_by`, without one pages may overlap.

## References

- CWE-770, allocation of resources without limits: https://cwe.mitre.org/data/definitions/770.html
- OWASP API4:2023: https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/
- https://sqlmodel.tiangolo.com/tutorial/fastapi/limit-and-offset/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, Place
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.isolation.terms import name_of
from rules.project.paging.page_parameters import with_paging
from rules.project.paging.unbounded_lists import UnboundedList, unbounded_lists, written_classes
from rules.project.project import Project
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA215", severity=Severity.MEDIUM, cwe=(770,), owasp=("API4",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each route and table."""
    inspections = project.isolation.inspections()
    grown = written_classes(inspections)
    reported: set[Place] = set()
    for inspection in inspections:
        for found in unbounded_lists(inspection):
            place = standing_of(inspection, found.query.effect)
            if place not in reported:
                reported.add(place)
                yield _hit(project, found, place, grows=id(found.table) in grown)


def _hit(project: Project, found: UnboundedList, place: Place, *, grows: bool) -> Hit:
    effect = found.query.effect
    model = name_of(found.table) or "these"
    which = "all rows that match" if found.filtered else "every row"
    return Hit(
        place=place,
        message=(
            f"`{found.route.title}` gives {which} of `{model}`, however many there are; take `offset` and a "
            "bounded `limit` from the query and hand them to the statement."
        ),
        subject=f"{found.route.title} {model}",
        confidence=_confidence(found, grows=grows),
        trail=tuple(steps_to(found.inspection, effect, f"`{model}` is queried without a limit")),
        fix=with_paging(project.machine, found),
    )


def _confidence(found: UnboundedList, *, grows: bool) -> Confidence:
    """High for a whole table that requests add rows to; low for a narrowed list of a fixed table."""
    if not found.route.resolved or (found.filtered and not grows):
        return Confidence.LOW
    return Confidence.HIGH if grows and not found.filtered else Confidence.MEDIUM
