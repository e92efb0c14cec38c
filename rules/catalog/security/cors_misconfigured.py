"""Pages of foreign origins that may use the API.

## What

The configuration of CORS lets any origin in (`*`, a pattern that matches everything, the request's own
origin sent back), the origin `null`, hosts that merely end like the project's own, or an origin without TLS.
It is worst with credentials: Starlette then answers `*` with the caller's own origin. Origins of a
developer's machine, and what is configured under a test of the environment, are left alone.

## Why

With credentials a page that the user merely visits calls the API as that user and reads the answers. The
browser asks this configuration alone.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # finding
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True
)
```

## Fix

Name the origins of your own pages, read from the settings. Where a settings class is at hand the suggestion
adds a field that is empty until origins are named; an http origin becomes https.

## References

- CWE-942, permissive cross-domain policy: https://cwe.mitre.org/data/definitions/942.html
- https://www.starlette.io/middleware/#corsmiddleware
- https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.hardening.cors_edits import cors_fix
from rules.project.hardening.cors_faults import cors_faults
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA319", severity=Severity.CRITICAL, cwe=(942,), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """One hit for each configuration."""
    for fault in cors_faults(project):
        yield Hit(
            place=fault.place,
            message=f"{fault.phrase[0].upper()}{fault.phrase[1:]}; {fault.cure}.",
            subject=fault.phrase,
            severity=fault.severity,
            confidence=fault.confidence,
            trail=fault.trail,
            fix=cors_fix(project, fault),
        )
