"""The client chooses an address that the server fetches, a file that it opens, or where it sends the browser.

## What

A value of the request decides the host of a URL given to httpx, requests, aiohttp or urllib, the path of a
file that is opened, written, deleted or sent, or the target of a redirect. Checks against a fixed set of
hosts, paths resolved and held below a folder, plain file names and addresses with a constant beginning are
no finding. A value that only fills a segment of a constant host's path is reported with low severity.

## Why

The server's network reaches what the client's does not: metadata services, databases, internal APIs. A path
with `../` leaves the folder that was meant. A redirect to anywhere lends the site's name to a phishing
page.

## Bad

```python
# app/main.py
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/preview")
def preview(url: str) -> int:
    return httpx.get(url).status_code  # finding
```

```python
# app/main.py
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

app = FastAPI()
FILES = Path("files")


@app.get("/download")
def download(name: str) -> FileResponse:
    return FileResponse(FILES / name)  # finding
```

## Good

```python
# app/main.py
from urllib.parse import urlparse

import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()
HOSTS = {"images.example.com", "static.example.com"}


@app.get("/preview")
def preview(url: str) -> int:
    if urlparse(url).hostname not in HOSTS:
        raise HTTPException(400)
    return httpx.get(url).status_code
```

```python
# app/main.py
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

app = FastAPI()
FILES = Path("files").resolve()


@app.get("/download")
def download(name: str) -> FileResponse:
    path = (FILES / name).resolve()
    if not path.is_relative_to(FILES):
        raise HTTPException(404)
    return FileResponse(path)
```

## Fix

Compare the parsed host with a fixed set and refuse private addresses; resolve a path and ask whether it is
still below its folder (`is_relative_to`); redirect only to paths of the site itself or to named targets.

## References

- CWE-918, server-side request forgery: https://cwe.mitre.org/data/definitions/918.html
- CWE-22, path traversal: https://cwe.mitre.org/data/definitions/22.html
- CWE-601, open redirect: https://cwe.mitre.org/data/definitions/601.html
- OWASP API7:2023: https://owasp.org/API-Security/editions/2023/en/0xa7-server-side-request-forgery/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.addressing import Reach
from rules.project.taint.dangers import Danger
from rules.project.taint.injections import Injection
from rules.rule import Rule, Severity

RULE = Rule(code="BA326", severity=Severity.HIGH, cwe=(918, 22, 601), owasp=("API7",))
_WHAT = {
    Danger.URL: ("lets {source} decide what {what} fetches: the client reaches what only the server may",
                 "compare the parsed host with a fixed set before"),
    Danger.PATH: ("gives {source} to {what} as a path: the client leaves the folder that was meant",
                  "resolve it and ask `is_relative_to` its folder before"),
    Danger.REDIRECT: ("sends the browser to {source}: a link to this site ends on any other",
                      "allow only paths of this site or a fixed set of targets"),
}  # fmt: skip
_PARTLY = {Danger.URL: Severity.LOW, Danger.PATH: Severity.MEDIUM, Danger.REDIRECT: Severity.MEDIUM}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each address or path that the client decides."""
    for found in project.taint.of(*_WHAT):
        source = found.flow.source
        does, cure = _WHAT[found.danger]
        what = does.format(source=source.phrase, what=found.what)
        yield Hit(
            place=found.place,
            message=f"{found.title} {what}{_note(found)}; {cure}.",
            subject=f"{found.routes[0].title} {source.name}",
            severity=_PARTLY[found.danger] if found.reach is Reach.PART else Severity.HIGH,
            confidence=found.confidence,
            trail=found.trail,
            guards_searched=found.guards_searched,
        )


def _note(found: Injection) -> str:
    if found.reach is not Reach.PART:
        return ""
    if found.danger is Danger.URL:
        return " (the host is fixed, and the path can still be changed by `../`)"
    return " (a path parameter holds no `/`: `..` alone and other systems' separators are open)"
