"""Configuration that is read beside the settings.

## What
A route, service or model reads `os.environ` or `os.getenv`, although the project has a settings class.

## Why
The settings class says in one place which variables exist, of which type, with which default, and refuses to
start without those it needs. A variable read elsewhere is missing from that list, is always a string, and its
absence shows in the middle of a request. Tests that replace the settings do not reach it.

## Bad
```python
# app/main.py
from fastapi import FastAPI

from app.routers import mail

app = FastAPI()
app.include_router(mail.router)
```
```python
# app/settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    project_name: str = "Shop"


settings = Settings()
```
```python
# app/routers/mail.py
import os

from fastapi import APIRouter

router = APIRouter()


@router.get("/sender")
def read_sender() -> str:
    return os.environ["MAIL_SENDER"]  # finding
```

## Good
```python
# app/main.py
from fastapi import FastAPI

from app.routers import mail

app = FastAPI()
app.include_router(mail.router)
```
```python
# app/settings.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    project_name: str = "Shop"
    mail_sender: str = "shop@example.com"


settings = Settings()
```
```python
# app/routers/mail.py
from fastapi import APIRouter

from app.settings import settings

router = APIRouter()


@router.get("/sender")
def read_sender() -> str:
    return settings.mail_sender
```

## Fix
Add a field to the settings class and read that.

## References
- https://fastapi.tiangolo.com/advanced/settings/
- https://12factor.net/config
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.layering.environment_reads import EnvironmentRead, environment_reads
from rules.project.project import Project
from rules.rule import Rule, Severity

RULE = Rule(code="BA106", severity=Severity.LOW)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each read."""
    for found in environment_reads(project):
        cls = found.settings.model
        place = cls.module.source.place(cls.node)
        yield Hit(
            place=found.place,
            message=_message(found),
            subject=found.name,
            trail=(TrailStep(place.path, place.line, f"`{cls.node.name}` holds the configuration"),),
        )


def _message(found: EnvironmentRead) -> str:
    settings = found.settings.model.node.name
    where = f"in {found.layer}, beside `{settings}`"
    return f"`{found.name}` is read from the environment {where}; make it a field there."
