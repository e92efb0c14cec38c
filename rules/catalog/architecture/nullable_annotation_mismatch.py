"""A column's annotation and its nullability contradict each other.

## What
A table field is annotated as a plain type and defaults to `None`, is `Optional` although the column is NOT
NULL, or is annotated as a plain type although the column takes NULL.

## Why
SQLModel derives NOT NULL from the annotation, so `name: str = None` builds an object that the database
rejects with an IntegrityError, and no type checker warns. In the other direction code that trusts the
annotation meets None, and a response model answers with 500.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    note: str = None  # finding


app = FastAPI()
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    note: str | None = None


app = FastAPI()
```

## Fix
Write `T | None` where the value may be missing (with a migration if the column was NOT NULL), or drop the
`None` default where it must be there.

## References
- https://sqlmodel.tiangolo.com/tutorial/create-db-and-table/#define-the-fields-columns
- https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#mapped-column-derives-the-datatype-and-nullability-from-the-mapped-annotation
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.comparison.annotated_nullability import Contradiction, Nullability, contradictions
from rules.project.source_edits import replaced
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA157", severity=Severity.HIGH)

_SEVERITIES = {
    Nullability.NONE_DEFAULT: Severity.HIGH,
    Nullability.KEY_DEFAULT: Severity.LOW,
    Nullability.OPTIONAL_NOT_NULL: Severity.MEDIUM,
    Nullability.PLAIN_NULLABLE: Severity.MEDIUM,
    Nullability.PLAIN_NULLABLE_BY_DEFAULT: Severity.LOW,
}


def check(project: Project) -> Iterator[Hit]:
    """Report each field once, where it is declared."""
    seen = set()
    for found in contradictions(project):
        if found.column.place not in seen:
            seen.add(found.column.place)
            yield _hit(project, found)


def _hit(project: Project, found: Contradiction) -> Hit:
    place, column = found.column.place, found.column
    return Hit(
        place=place,
        message=_message(found),
        subject=f"{column.source.rpartition('.')[2]}.{column.attribute}",
        severity=_SEVERITIES[found.what],
        confidence=Confidence.HIGH,
        trail=(
            TrailStep(place.path, place.line, f"`{column.attribute}` is annotated and declared here"),
            TrailStep(
                found.table.place.path,
                found.table.place.line,
                f"`{found.table.model_name}` maps it to `{found.table.key}.{column.name}`",
            ),
        ),
        fix=_fix(project, found),
    )


def _message(found: Contradiction) -> str:
    name = f"`{found.table.model_name}.{found.column.attribute}`"
    match found.what:
        case Nullability.NONE_DEFAULT:
            return (
                f"{name} defaults to None but is not annotated as optional, so its column is NOT NULL and an "
                f"insert without it fails; write `| None`, or drop the default."
            )
        case Nullability.KEY_DEFAULT:
            return (
                f"The key {name} defaults to None until the database gives it, but its annotation denies "
                f"that; write `| None`."
            )
        case Nullability.OPTIONAL_NOT_NULL:
            return (
                f"{name} may be None by its annotation, but its column is NOT NULL; drop the `None` from the "
                f"annotation, or let the column be nullable."
            )
        case _:
            return (
                f"{name} is never None by its annotation, but its column takes NULL; write `| None`, or "
                f"`nullable=False`."
            )


def _fix(project: Project, found: Contradiction) -> Fix | None:
    """The annotation made optional: safe for a key, whose column stays as it is."""
    if found.what not in {Nullability.NONE_DEFAULT, Nullability.KEY_DEFAULT}:
        return None
    place = found.column.place
    source = project.files.get(place.path)
    line = source.lines[place.line - 1] if source is not None else ""
    written = re.match(rf"\s*({re.escape(found.column.attribute)}\s*:\s*)([\w.]+)\s*=", line)
    if source is None or written is None:
        return None
    optional = f"Optional[{written[2]}]" if "Optional[" in source.text else f"{written[2]} | None"
    edits = replaced(source, place, f"{written[1]}{written[2]}", f"{written[1]}{optional}")
    safety = Safety.SAFE if found.what is Nullability.KEY_DEFAULT else Safety.SUGGEST
    return Fix("Annotate it as optional", safety, edits) if edits else None
