"""Protection that is switched off wherever the application runs.

## What

Debugging is on with no test of the environment around it; the server is started with `reload`; a cookie of
a session or a token is set without `httponly` or `secure`, or `SessionMiddleware` without `https_only`; the
certificate of a server is not verified; the issuer of tokens, or its keys, are read over http. Cookies that
hold no credential, cross-site-request tokens that scripts must read, flags and modes that the deployment
decides, and hosts of a developer's machine are left alone.

## Why

A traceback in an answer shows the source and its values. A cookie that scripts read is stolen by the first
script that gets in; one without `secure` by the first plain connection. Who answers in the place of a server
that nobody verifies reads and writes what is sent, keys of tokens included.

## Bad

```python
# app/main.py
import httpx
from fastapi import FastAPI, Response

app = FastAPI(debug=True)  # finding


@app.post("/login")
def login(response: Response) -> None:
    made = httpx.post("https://id.example/token", verify=False)  # finding
    response.set_cookie("session", made.text, httponly=True)  # finding
```

## Good

```python
# app/main.py
import httpx
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/login")
def login(response: Response) -> None:
    made = httpx.post("https://id.example/token")
    response.set_cookie("session", made.text, httponly=True, secure=True)
```

## Fix

Set the flags; leave verification on and name the authority to trust; read modes from the settings, off by
default. The suggestion adds the flags, or takes out what switches verification off.

## References

- CWE-489, active debug code: https://cwe.mitre.org/data/definitions/489.html
- CWE-614, sensitive cookie without `Secure`: https://cwe.mitre.org/data/definitions/614.html
- CWE-295, improper certificate validation: https://cwe.mitre.org/data/definitions/295.html
- https://www.starlette.io/responses/#set-cookie
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.hardening.cookies import BareCookie, bare_cookies
from rules.project.hardening.debugging_modes import debugging_modes
from rules.project.hardening.runtime_edits import verified, with_flags
from rules.project.hardening.unverified_connections import UnverifiedConnection, unverified_connections
from rules.project.project import Project
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA325", severity=Severity.MEDIUM, cwe=(489, 614, 295), owasp=("API8",))


def check(project: Project) -> Iterator[Hit]:
    """Modes, cookies, connections."""
    for mode in debugging_modes(project):
        yield Hit(
            place=mode.place,
            message=f"{mode.phrase[0].upper()}{mode.phrase[1:]}; {mode.cure}.",
            subject=mode.phrase,
            confidence=_confidence(certain=mode.certain),
        )
    yield from map(_of_cookie, bare_cookies(project))
    yield from map(_of_connection, unverified_connections(project))


def _of_cookie(cookie: BareCookie) -> Hit:
    flags = " and ".join(f"`{flag}`" for flag in cookie.missing)
    return Hit(
        place=cookie.place,
        message=f"The cookie `{cookie.name}` carries a credential without {flags}; set {_them(cookie)}.",
        subject=f"{cookie.name} {flags}",
        confidence=_confidence(certain=cookie.certain),
        trail=cookie.use.trail("the cookie is set here"),
        fix=with_flags(cookie.use, cookie.missing),
    )


def _them(cookie: BareCookie) -> str:
    return "it" if len(cookie.missing) == 1 else "them"


def _of_connection(found: UnverifiedConnection) -> Hit:
    return Hit(
        place=found.use.place,
        message=f"{found.phrase[0].upper()}{found.phrase[1:]}; {found.cure}.",
        subject=found.phrase,
        confidence=_confidence(certain=found.certain),
        trail=found.use.trail("the connection is made here"),
        fix=verified(found.use, found.option) if found.option else None,
    )


def _confidence(*, certain: bool) -> Confidence:
    return Confidence.HIGH if certain else Confidence.MEDIUM
