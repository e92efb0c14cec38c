"""A default is computed once, when the module is imported, and shared by all rows.

## What
The default of a model's field or column is a call such as `datetime.now()` or `uuid4()`, or a mutable object
in a SQLAlchemy column; or its factory is `datetime.utcnow`, which gives a time without a time zone.

## Why
The call runs when the process starts: every row gets the start of the server as its time, or the same
"unique" token, and the second insert fails or is wrong in silence. A list in `Column(default=[])` is one
object for all rows. A naive UTC time is read as local time as soon as it meets an aware one.

## Bad
```python
# app/main.py
from datetime import datetime

from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default=datetime.now())  # finding


app = FastAPI()
```

## Good
```python
# app/main.py
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


app = FastAPI()
```

## Fix
Hand over the function instead of its result: `default_factory=` for a field, the bare callable for a column.
The fix does so where the call stands alone in `default=`. `utcnow` has none: whether the column takes an
aware time, as `lambda: datetime.now(UTC)` gives, is for a person to see.

## References
- https://docs.pydantic.dev/latest/concepts/fields/#default-values
- https://docs.sqlalchemy.org/en/20/core/defaults.html#python-executed-functions
- https://docs.python.org/3/library/datetime.html#datetime.datetime.utcnow
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.comparison.import_time_defaults import (
    NAIVE,
    Evaluated,
    ImportTimeDefault,
    import_time_defaults,
)
from rules.project.source_edits import replaced
from rules.rule import Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA162", severity=Severity.HIGH)

_SEVERITIES = {Evaluated.SHARED: Severity.MEDIUM, Evaluated.NAIVE: Severity.LOW}


def check(project: Project) -> Iterator[Hit]:
    """Report each default that is computed at import, shared, or naive."""
    for found in import_time_defaults(project):
        yield _hit(project, found)


def _hit(project: Project, found: ImportTimeDefault) -> Hit:
    name = f"{found.cls.qualname}.{found.field.name}"
    start = found.cls.module.source.place(found.field.node)
    return Hit(
        place=found.place,
        message=_message(found, name),
        subject=name,
        severity=_SEVERITIES.get(found.what),
        trail=(TrailStep(start.path, start.line, f"`{name}` is declared here"),),
        fix=_fix(project, found),
    )


def _message(found: ImportTimeDefault, name: str) -> str:
    short = found.call.removeprefix("datetime.datetime.").rpartition(".")[2]
    how = "the callable itself" if found.in_column else "`default_factory`"
    match found.what:
        case Evaluated.ONCE:
            return (
                f"The default of `{name}` calls `{short}()` once, when the module is imported, so every "
                f"row gets the same value; give {how} instead."
            )
        case Evaluated.SHARED:
            return (
                f"The default of `{name}` is one mutable object that all rows share; give a callable that "
                f"makes a new one, such as `list` or `dict`."
            )
        case Evaluated.NAIVE:
            return (
                f"The default of `{name}` is `utcnow`, a UTC time that does not say so; use "
                f"`lambda: datetime.now(UTC)`."
            )


def _fix(project: Project, found: ImportTimeDefault) -> Fix | None:
    """`default=now()` becomes `default_factory=now`; with arguments, a lambda.

    None for `utcnow`: handed over it stays naive, and not every column takes an aware time in its place.
    """
    if found.what is not Evaluated.ONCE or found.value is None or found.call in NAIVE:
        return None
    source = project.files.get(found.place.path)
    if source is None or found.value.origin.module.source is not source:
        return None
    text = source.segment(found.value.origin.node)
    has_arguments = bool(found.value.arguments.positional or found.value.arguments.keywords)
    factory = f"lambda: {text}" if has_arguments else text.removesuffix("()")
    target = "default" if found.in_column else "default_factory"
    given = f"default={text}"
    if any(f"{given}." in line for line in source.lines[found.place.line - 1 : found.place.end_line]):
        return None
    edits = replaced(source, found.place, given, f"{target}={factory}")
    return Fix("Compute the default for each row", Safety.SAFE, edits) if edits else None
