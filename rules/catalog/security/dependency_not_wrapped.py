"""A dependency that is named in a signature without `Depends`, so that it never runs.

## What

A parameter of a handler or dependency carries a callable in its `Annotated[...]`, or as its default,
without `Depends` around it: a function that is a dependency elsewhere, that would authenticate or
authorise, that asks for dependencies itself, or a security scheme. An alias (`CurrentUser =
Annotated[User, get_user]`) is reported once, where it stands.

## Why

FastAPI ignores metadata that it does not know and takes a plain default for a value. The callable is
never called: the check that everybody sees in the signature does not happen, and the parameter becomes
one that the client sends, as `?user=…` or as the body. Nothing fails at start-up.

## Bad

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def get_current_user(token: Annotated[str, Depends(scheme)]) -> str:
    if token != "valid":
        raise HTTPException(401)
    return "anna"


@app.delete("/reports/{report_id}")
def delete_report(report_id: int, user: Annotated[str, get_current_user]) -> None:  # finding
    print(report_id, user)
```

## Good

```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import AfterValidator

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


def positive(value: int) -> int:
    if value < 0:
        raise ValueError("negative")
    return value


def get_current_user(token: Annotated[str, Depends(scheme)]) -> str:
    if token != "valid":
        raise HTTPException(401)
    return "anna"


@app.delete("/reports/{report_id}")
def delete_report(
    report_id: Annotated[int, AfterValidator(positive)], user: Annotated[str, Depends(get_current_user)]
) -> None:
    print(report_id, user)
```

## Fix

Wrap the callable: `Annotated[User, Depends(get_current_user)]`. The fix does so, and imports `Depends`
where needed; it is a suggestion, since requests that passed until now are refused afterwards.

## References

- CWE-862, missing authorization: https://cwe.mitre.org/data/definitions/862.html
- OWASP API5:2023, broken function level authorization: https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/
- FastAPI, dependencies: https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.isolation.unwrapped_dependencies import (
    Evidence,
    Unwrapped,
    origin_of,
)
from rules.project.project import Project
from rules.project.routing.wrapping import wrap_in_depends
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA302", severity=Severity.CRITICAL, cwe=(862,), owasp=("API5",))
_SHOWN = 3


def check(project: Project) -> Iterator[Hit]:
    """One hit for each place where a dependency is named and not wrapped."""
    for unwrapped in project.unwrapped_dependencies:
        yield Hit(
            place=unwrapped.written.place,
            message=_message(unwrapped),
            subject=f"{unwrapped.written.alias or unwrapped.owner.name} {unwrapped.name}",
            severity=Severity.CRITICAL if unwrapped.guards else Severity.HIGH,
            confidence=Confidence.MEDIUM if unwrapped.evidence is Evidence.PLAIN else Confidence.HIGH,
            trail=tuple(_trail(unwrapped)),
            fix=_fix(project, unwrapped),
        )


def _message(unwrapped: Unwrapped) -> str:
    name, parameter = unwrapped.name, unwrapped.parameter.name
    first = unwrapped.routes[0]
    where = f"`{unwrapped.written.alias}`" if unwrapped.written.alias else f"`{parameter}`"
    more = f" and {len(unwrapped.routes) - 1} more" if len(unwrapped.routes) > 1 else ""
    lost = "nobody is authenticated by it" if unwrapped.guards else "it never runs"
    return (
        f"{where} names `{name}` without calling `Depends`, so in `{first.title}`{more} {lost} and the "
        f"client sends `{parameter}` instead; write `Depends({name})`."
    )


def _trail(unwrapped: Unwrapped) -> Iterator[TrailStep]:
    for route in unwrapped.routes[:_SHOWN]:
        yield from route.trail()
    place = unwrapped.written.place
    yield TrailStep(place.path, place.line, f"`{unwrapped.name}` is named here, and not called")
    origin = origin_of(unwrapped.callee)
    if origin is not None:
        found = origin.module.source.place(origin.node)
        does = "would authenticate the caller" if unwrapped.guards else "is the dependency that was meant"
        yield TrailStep(found.path, found.line, f"`{unwrapped.name}` {does}")


def _fix(project: Project, unwrapped: Unwrapped) -> Fix | None:
    expression = unwrapped.written.expression
    if expression is None or unwrapped.name in {"Depends", "Security"}:
        return None
    edits = wrap_in_depends(project.machine, unwrapped.written.module, expression)
    return Fix(f"Wrap `{unwrapped.name}` in Depends", Safety.SUGGEST, edits) if edits else None
