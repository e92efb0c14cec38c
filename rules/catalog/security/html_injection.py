"""What the client sends becomes part of an HTML page without being escaped.

## What

A value of the request reaches `HTMLResponse`, a response of type `text/html`, `Markup` or a template whose
engine does not escape, and no `html.escape`, `markupsafe.escape`, sanitizer or escaping template lies
between. `Jinja2Templates` escapes by itself.

## Why

A link or form is enough to run the attacker's script in the pages of whoever follows it, with their cookies
and their rights: cross-site scripting.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()


@app.get("/search")
def search(q: str) -> HTMLResponse:
    return HTMLResponse(f"<h1>Results for {q}</h1>")  # finding
```

## Good

```python
# app/main.py
import html

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()


@app.get("/search")
def search(q: str) -> HTMLResponse:
    return HTMLResponse(f"<h1>Results for {html.escape(q)}</h1>")
```

## Fix

Render a template through `Jinja2Templates`, which escapes, or escape each value where it enters the text.
Markup that users may write goes through a sanitizer such as nh3.

## References

- CWE-79, cross-site scripting: https://cwe.mitre.org/data/definitions/79.html
- FastAPI, templates: https://fastapi.tiangolo.com/advanced/templates/
- Jinja, autoescaping: https://jinja.palletsprojects.com/en/stable/api/#autoescaping
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.dangers import Danger
from rules.rule import Rule, Severity

RULE = Rule(code="BA320", severity=Severity.HIGH, cwe=(79,), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each page that takes the client's data as markup."""
    for found in project.taint.of(Danger.HTML):
        source = found.flow.source
        yield Hit(
            place=found.place,
            message=f"{found.title} puts {source.phrase} into {found.what} without escaping it: whoever "
            f"makes someone open it runs scripts there; escape it with `html.escape`, or render a template.",
            subject=f"{found.routes[0].title} {source.name}",
            confidence=found.confidence,
            trail=found.trail,
            guards_searched=found.guards_searched,
        )
