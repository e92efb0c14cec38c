"""Routes that the authentication around them does not reach.

## What

An application, router or inclusion has an authenticating dependency, and something under it does not
inherit it: an application that is mounted, or a raw Starlette route (`add_route`, `Route`). Or
authentication is an HTTP middleware, which never sees the connection of a websocket. And what escapes
authenticates nobody itself, and is not public.

## Why

`dependencies=[...]` belong to FastAPI's own routes. A mount hands the request over before any of them
runs, and a raw route has no dependencies at all; `BaseHTTPMiddleware` passes websockets on untouched. The
code reads as if everything were behind the login.

## Bad

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class Report(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


def verify(token: Annotated[str, Depends(scheme)]) -> None:
    if token != "valid":
        raise HTTPException(401)


app = FastAPI(dependencies=[Depends(verify)])
reports = FastAPI()


@reports.get("/all")
def read_reports() -> list[Report]:
    with Session(engine) as session:
        return list(session.exec(select(Report)).all())


app.mount("/reports", reports)  # finding
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from fastapi.staticfiles import StaticFiles
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="login")


class Report(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


def verify(token: Annotated[str, Depends(scheme)]) -> None:
    if token != "valid":
        raise HTTPException(401)


app = FastAPI(dependencies=[Depends(verify)])
reports = FastAPI(dependencies=[Depends(verify)])


@reports.get("/all")
def read_reports() -> list[Report]:
    with Session(engine) as session:
        return list(session.exec(select(Report)).all())


app.mount("/reports", reports)
app.mount("/static", StaticFiles(directory="static"))
```

## Fix

Give the mounted application the dependency too, or include a router instead of mounting. Register raw
routes as FastAPI's. Authenticate websockets by a dependency of the route, or in a pure ASGI middleware.

## References

- CWE-288, authentication bypass using an alternate path: https://cwe.mitre.org/data/definitions/288.html
- OWASP API5:2023: https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/
- FastAPI, sub applications: https://fastapi.tiangolo.com/advanced/sub-applications/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.mounts import Escape
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA304", severity=Severity.HIGH, cwe=(288,), owasp=("API5",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each mount, raw route or websocket that the authentication around it does not reach."""
    for escape in project.escapes:
        yield Hit(
            place=escape.place,
            message=_message(escape),
            subject=f"{escape.way} {escape.inspections[0].route.title}",
            confidence=escape.confidence,
            trail=escape.trail,
            guards_searched=("own dependencies", "middleware", "checks in the handler", "public endpoints"),
        )


def _message(escape: Escape) -> str:
    first = escape.inspections[0].route.title
    more = f" and {len(escape.inspections) - 1} more" if len(escape.inspections) > 1 else ""
    why, cure = {
        "mount": (
            "what is mounted does not inherit dependencies",
            f"add `{escape.guard}` to the mounted application's `dependencies`",
        ),
        "raw": ("a raw route has no dependencies", "register it as a route of FastAPI"),
        "websocket": (
            "an HTTP middleware never sees a websocket",
            "authenticate by a dependency of the route",
        ),
    }[escape.way]
    return (
        f"`{first}`{more} is not protected by `{escape.guard}`: {why}, and it authenticates nobody; {cure}."
    )
