"""Authentication in the middleware of one application, routes in another that it never sees.

## What

Authentication is done by a middleware of one application alone, and routes that need it are served by an
application mounted beside that one, by the parent that mounts it, or by a second FastAPI instance. Those
routes authenticate nobody themselves and are not public.

## Why

A middleware stands around the application that it was added to and around what that one mounts: a request
for a sibling, or for the parent's own routes, never enters it. The order matters as much as the place: what
answers before authentication runs is open.

## Bad

```python
# app/main.py
from fastapi import FastAPI, Request, Response
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")


class Report(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


public = FastAPI()
internal = FastAPI()


@public.middleware("http")
async def require_key(request: Request, call_next):
    if request.headers.get("authorization") != "Bearer valid":
        return Response(status_code=401)
    return await call_next(request)


@public.get("/reports")
def read_reports() -> list[Report]:
    with Session(engine) as session:
        return list(session.exec(select(Report)).all())


@internal.post("/reports")
def create_report(report: Report) -> Report:
    with Session(engine) as session:
        session.add(report)
        session.commit()
        session.refresh(report)
        return report


app = FastAPI()
app.mount("/public", public)
app.mount("/internal", internal)  # finding
```

## Good

```python
# app/main.py
from fastapi import FastAPI, Request, Response
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")


class Report(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


public = FastAPI()
internal = FastAPI()
app = FastAPI()


@app.middleware("http")
async def require_key(request: Request, call_next):
    if request.headers.get("authorization") != "Bearer valid":
        return Response(status_code=401)
    return await call_next(request)


@public.get("/reports")
def read_reports() -> list[Report]:
    with Session(engine) as session:
        return list(session.exec(select(Report)).all())


@internal.post("/reports")
def create_report(report: Report) -> Report:
    with Session(engine) as session:
        session.add(report)
        session.commit()
        session.refresh(report)
        return report


app.mount("/public", public)
app.mount("/internal", internal)
```

## Fix

Add the middleware to the application that mounts the others, or authenticate by a dependency of each of them.

## References

- CWE-288, authentication bypass using an alternate path: https://cwe.mitre.org/data/definitions/288.html
- Starlette, middleware: https://www.starlette.io/middleware/
- FastAPI, sub applications: https://fastapi.tiangolo.com/advanced/sub-applications/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.unseen_requests import Unseen
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA109", severity=Severity.HIGH, cwe=(288,), owasp=("API2",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each application, mount or inclusion that authentication elsewhere does not see."""
    for unseen in project.unseen_requests:
        yield Hit(
            place=unseen.place,
            message=_message(unseen),
            subject=f"{unseen.way} {unseen.inspections[0].route.title}",
            confidence=unseen.confidence,
            trail=unseen.trail,
            guards_searched=(
                "own dependencies",
                "own middleware",
                "checks in the handler",
                "public endpoints",
            ),
        )


def _message(unseen: Unseen) -> str:
    first = unseen.inspections[0].route
    more = f" and {len(unseen.inspections) - 1} more" if len(unseen.inspections) > 1 else ""
    guarded = unseen.guarded
    cure = (
        f"add it to `{first.application.label}`, which serves both"
        if unseen.together
        else f"add it to `{first.application.label}` too"
    )
    return (
        f"`{first.title}`{more} authenticates nobody, and `{guarded.middleware.label}` stands around "
        f"`{guarded.route.app}` alone, so it never sees this {unseen.way}; "
        f"{cure}, or depend on a login there."
    )
