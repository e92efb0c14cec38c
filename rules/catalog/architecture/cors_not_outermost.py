"""CORS behind a middleware that answers requests itself.

## What
`CORSMiddleware` is wrapped by another middleware that may answer a request without passing it on:
authentication, rate limits, `TrustedHostMiddleware`, a function of the project that returns a response.
Middleware that only passes on (compression, timing, request ids) may stand outside.

## Why
`add_middleware` puts each middleware around those added before, so the last one added sees a request first,
and the list of the constructor lies inside them all, in its order. What stands outside CORS answers without
CORS headers: a browser's preflight gets a 401 instead of the permission it asks for, and the reason of a
refusal is hidden from the page that could show it. "Configure CORS first" means that it *runs* first: it has
to be *added last*. (An unhandled exception's 500 carries no CORS header even then; that lies further out.)

## Bad
```python
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])  # finding


@app.middleware("http")
async def require_key(request: Request, call_next):
    if "x-api-key" not in request.headers:
        return Response(status_code=401)
    return await call_next(request)
```

## Good
```python
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()


@app.middleware("http")
async def require_key(request: Request, call_next):
    if "x-api-key" not in request.headers:
        return Response(status_code=401)
    return await call_next(request)


app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])
```

## Fix
Add CORS after everything that may answer. Where both are added in one suite and nothing between them is
needed, the fix moves the call down; it is safe, since only what was refused to browsers by accident changes.

## References
- https://fastapi.tiangolo.com/tutorial/middleware/#multiple-middleware-execution-order
- https://www.starlette.io/middleware/#corsmiddleware
- https://fetch.spec.whatwg.org/#cors-preflight-fetch
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.project import Project
from rules.project.routing.answering import Answer, own_answer
from rules.project.routing.applications import WebApplication
from rules.project.routing.conditions import exclude_each_other
from rules.project.routing.middleware import Middleware
from rules.project.statement_moves import can_pass, move, suite_with
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA108", severity=Severity.MEDIUM, owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """Look for middleware around each application's CORS that may answer by itself."""
    for application in project.applications:
        for position, cors in enumerate(application.middleware):
            if cors.name != "CORSMiddleware":
                continue
            outside = [
                (middleware, answer)
                for middleware in application.middleware[:position]
                if not exclude_each_other(middleware.conditions, cors.conditions)
                and (answer := own_answer(project.machine, middleware)) is not None
            ]
            if outside:
                yield _hit(application, cors, outside)


def _hit(application: WebApplication, cors: Middleware, outside: list[tuple[Middleware, Answer]]) -> Hit:
    names = " and ".join(f"`{middleware.label}`" for middleware, _ in outside)
    stands = "stands" if len(outside) == 1 else "stand"
    conditional = any(middleware.conditions for middleware, _ in outside)
    return Hit(
        place=cors.origin.module.source.place(cors.origin.node),
        message=(
            f"{names} {stands} outside `CORSMiddleware` and may answer a request itself, so preflights and "
            "refusals get no CORS headers; the middleware added last runs first: add CORS after "
            f"{'it' if len(outside) == 1 else 'them'}."
        ),
        subject=f"{application.label.rpartition(':')[2]} CORSMiddleware",
        severity=Severity.HIGH if any(answer.guards for _, answer in outside) else None,
        confidence=Confidence.MEDIUM if conditional else Confidence.HIGH,
        trail=tuple(step for middleware, answer in outside for step in _trail(middleware, answer)),
        fix=_fix(cors, outside),
    )


def _trail(middleware: Middleware, answer: Answer) -> Iterator[TrailStep]:
    place = middleware.origin.module.source.place(middleware.origin.node)
    yield TrailStep(place.path, place.line, f"`{middleware.label}` is put around CORS here")
    if answer.origin is not None:
        inner = answer.origin.module.source.place(answer.origin.node)
        yield TrailStep(inner.path, inner.line, "here it answers without passing the request on")


def _fix(cors: Middleware, outside: list[tuple[Middleware, Answer]]) -> Fix | None:
    """Move the call behind the last of those that answer, if they all stand in its suite."""
    module = cors.origin.module
    last = outside[0][0]
    if cors.entry.in_constructor or any(
        m.entry.in_constructor or m.origin.module is not module for m, _ in outside
    ):
        return None
    if cors.conditions != last.conditions:
        return None
    found = suite_with(module, cors.origin.node, last.origin.node)
    if found is None:
        return None
    suite, first, second = found
    if first > second or not can_pass(suite[first], suite[first + 1 : second + 1]):
        return None
    edits = move(module, suite, first, second)
    return Fix("Add CORS last, so that it runs first", Safety.SAFE, edits) if edits else None
