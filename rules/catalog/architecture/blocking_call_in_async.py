"""A coroutine that blocks the event loop.

## What
An `async def` on the way of a request calls something synchronous that waits: a database session, an HTTP
client, `time.sleep`, a subprocess, a client of another service; directly or through up to two plain
functions. Files and password hashes, which take milliseconds, are reported low.

## Why
All coroutines of a worker share one thread. While one of them waits without `await`, nobody else is served:
one slow query holds every request, health checks and websockets too. A plain `def` handler would have been
run in a thread.

## Bad
```python
# app/main.py
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates")
async def read_rates() -> dict[str, float]:
    return requests.get("https://rates.example/latest", timeout=5).json()  # finding
```

## Good
```python
# app/main.py
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates")
def read_rates() -> dict[str, float]:
    return requests.get("https://rates.example/latest", timeout=5).json()
```

## Fix
Where the function awaits nothing, say `def` instead of `async def`: FastAPI then runs it in a thread. Else
use the asynchronous counterpart (`AsyncSession`, `httpx.AsyncClient`, `asyncio.sleep`), or
`await run_in_threadpool(function, …)`.

## References
- CWE-400, uncontrolled resource consumption: https://cwe.mitre.org/data/definitions/400.html
- https://fastapi.tiangolo.com/async/#very-technical-details
- https://www.starlette.io/threadpool/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Hit, Safety
from rules.project.blocking.blocked_functions import Blocked, blocked_functions, needs_coroutine
from rules.project.blocking.blocking_calls import SHORT
from rules.project.isolation.standing import steps_to
from rules.project.project import Project
from rules.project.source_edits import replaced
from rules.rule import Rule, Severity

RULE = Rule(code="BA105", severity=Severity.HIGH, cwe=(400,), owasp=("API4",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each coroutine and each kind of thing that it waits for."""
    for found in blocked_functions(project):
        name = found.frame.function.name
        yield Hit(
            place=found.place,
            message=(
                f"`{name}` is a coroutine, and `{found.call.name}` blocks the event loop until "
                f"{found.call.kind} {'is done' if found.call.kind in SHORT else 'answers'}: no other "
                f"request is served meanwhile; {_cure(found)}"
            ),
            subject=f"{name} {found.call.kind}",
            severity=Severity.LOW if found.call.kind in SHORT else None,
            trail=tuple(steps_to(found.inspection, found.effect, f"`{found.call.name}` blocks here")),
            guards_searched=("thread pool", "asynchronous session or client", "plain `def`"),
            fix=_fix(found),
        )


def _cure(found: Blocked) -> str:
    if found.is_entry and not needs_coroutine(found.frame):
        return "make it a plain `def`, which FastAPI runs in a thread."
    return "use an asynchronous counterpart, or a thread (`run_in_threadpool`)."


def _fix(found: Blocked) -> Fix | None:
    if not found.is_entry or needs_coroutine(found.frame):
        return None
    source, name = found.frame.module.source, found.frame.function.name
    if f"await {name}(" in source.text:
        return None
    place = source.place(found.frame.function)
    edits = replaced(source, place, f"async def {name}(", f"def {name}(")
    return Fix("Let FastAPI run it in a thread", Safety.SUGGEST, edits) if edits else None
