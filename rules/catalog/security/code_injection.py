"""What the client sends is executed: as Python, as a shell command, as a pickled object, as a template.

## What

A value of the request reaches `eval`, `exec`, `compile`, a shell (`os.system`, `shell=True`, `sh -c`), a
loader that builds any object (`pickle`, `marshal`, `dill`, `joblib`, `yaml.load` without a safe loader), an
import by name, or the source of a template. Argument lists without a shell, `shlex.quote`, `literal_eval`,
safe loaders and checks against a fixed set are no finding.

## Why

The client runs code with the rights of the server: it reads its secrets, its database and its network.

## Bad

```python
# app/main.py
import subprocess

from fastapi import FastAPI

app = FastAPI()


@app.post("/ping")
def ping(host: str) -> str:
    done = subprocess.run(f"ping -c 1 {host}", shell=True, capture_output=True, text=True)  # finding
    return done.stdout
```

## Good

```python
# app/main.py
import subprocess

from fastapi import FastAPI

app = FastAPI()


@app.post("/ping")
def ping(host: str) -> str:
    done = subprocess.run(["ping", "-c", "1", "--", host], capture_output=True, text=True)
    return done.stdout
```

## Fix

Give programs an argument list and no shell; read data with `json`, `ast.literal_eval` or `yaml.safe_load`;
look functions and modules up in a dict of those that may be called; keep templates on the server and give
them values.

## References

- CWE-94, code injection: https://cwe.mitre.org/data/definitions/94.html
- CWE-78, OS command injection: https://cwe.mitre.org/data/definitions/78.html
- CWE-502, deserialization of untrusted data: https://cwe.mitre.org/data/definitions/502.html
- Python, `pickle` warning: https://docs.python.org/3/library/pickle.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.project import Project
from rules.project.taint.addressing import Reach
from rules.project.taint.dangers import Danger
from rules.rule import Rule, Severity

RULE = Rule(code="BA327", severity=Severity.CRITICAL, cwe=(94, 78, 502), owasp=("API8",))
_WHAT = {
    Danger.CODE: ("runs it as code", "look it up in a dict of what may be called, or parse it as data"),
    Danger.SHELL: ("runs it as a command", "pass an argument list without a shell"),
    Danger.OBJECT: ("builds any object that it names", "read it as JSON, or with a safe loader"),
    Danger.TEMPLATE: ("runs it as a template", "keep the template on the server and pass the value to it"),
}


def check(project: Project) -> Iterator[Hit]:
    """One hit for each place at which the client's data is executed."""
    for found in project.taint.of(*_WHAT):
        source = found.flow.source
        does, cure = _WHAT[found.danger]
        yield Hit(
            place=found.place,
            message=f"{found.title} gives {source.phrase} to {found.what}, which {does}; {cure}.",
            subject=f"{found.routes[0].title} {source.name}",
            severity=Severity.HIGH if found.reach is Reach.PART else Severity.CRITICAL,
            confidence=found.confidence,
            trail=found.trail,
            guards_searched=found.guards_searched,
        )
