"""A foreign key names a table or column that no model defines.

## What
The target of a `foreign_key=` or `ForeignKey(...)` is no table of the project's models, no column of that
table, or a column of a type that a key of this type cannot reference.

## Why
SQLAlchemy looks the target up when tables are created or mappers configured: the first query, or
`create_all`, fails with `NoReferencedTableError`. With clashing types PostgreSQL refuses the constraint.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="users.id")  # finding


app = FastAPI()
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")


app = FastAPI()
```

## Fix
Name the table as the database knows it: SQLModel's default is the class name in lower case, without an
underscore and without a plural. Where exactly one table is one letter away, the fix writes its name.

## References
- https://sqlmodel.tiangolo.com/tutorial/connect/create-connected-tables/
- https://docs.sqlalchemy.org/en/20/core/constraints.html#defining-foreign-keys
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.relations.foreign_key_targets import BrokenReference, Missing, broken_references
from rules.project.source_edits import replaced
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA158", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """Report each foreign key that cannot work."""
    for broken in broken_references(project):
        yield _hit(project, broken)


def _hit(project: Project, broken: BrokenReference) -> Hit:
    table, column = broken.table, broken.column
    place = column.place
    trail = [TrailStep(place.path, place.line, f"`{column.attribute}` references `{broken.key.target}`")]
    if broken.target is not None:
        at = broken.target.place
        trail.append(TrailStep(at.path, at.line, f"`{broken.target.model_name}` maps `{broken.target.key}`"))
    return Hit(
        place=place,
        message=_message(broken),
        subject=f"{table.key}.{column.name} -> {broken.key.target}",
        confidence=Confidence.HIGH if broken.certain else Confidence.LOW,
        trail=tuple(trail),
        fix=_fix(project, broken),
    )


def _message(broken: BrokenReference) -> str:
    name = f"`{broken.table.model_name}.{broken.column.attribute}`"
    target = broken.key.target
    cure = f"it is `{broken.likely}`" if broken.likely else "correct the target, or define it"
    if broken.missing is Missing.TYPE and broken.target is not None:
        other = broken.target.columns[broken.key.column]
        return (
            f"{name} is `{broken.column.type}` and references `{target}`, which is `{other.type}`: the "
            f"database refuses the key; give both the same type."
        )
    if broken.missing is Missing.COLUMN and broken.target is not None:
        return f"{name} references `{target}`, but `{broken.target.model_name}` has no such column; {cure}."
    return f"{name} references `{target}`, but no model maps the table `{broken.key.table}`; {cure}."


def _fix(project: Project, broken: BrokenReference) -> Fix | None:
    if broken.likely is None:
        return None
    source = project.files.get(broken.column.place.path)
    edits = replaced(source, broken.column.place, f'"{broken.key.target}"', f'"{broken.likely}"')
    return Fix(f"Reference `{broken.likely}`", Safety.SAFE, edits) if edits else None
