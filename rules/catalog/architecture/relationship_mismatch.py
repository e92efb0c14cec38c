"""A relationship does not fit to its other side or to the foreign keys.

## What
`back_populates` names an attribute that the target does not have or that points back at another one, no
foreign key or several of them join the two tables, or the annotation says a list where only one row can be.

## Why
SQLAlchemy configures all mappers at the first query: a wrong name, a missing or an ambiguous key makes that
first request fail, and every one after it. A side that does not point back is not kept in step, so the
objects in memory and the rows tell different stories.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Relationship, SQLModel


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="teams")  # finding


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    team: Team = Relationship(back_populates="heroes")


app = FastAPI()
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Relationship, SQLModel


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    team: Team = Relationship(back_populates="heroes")


app = FastAPI()
```

## Fix
Let each side name the other's attribute. With several keys between two tables say which one is meant
(`sa_relationship_kwargs={"foreign_keys": …}`). A name that is one letter off is written by the fix.

## References
- https://sqlmodel.tiangolo.com/tutorial/relationship-attributes/back-populates/
- https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html
- https://docs.sqlalchemy.org/en/20/orm/join_conditions.html#handling-multiple-join-paths
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Fix, Hit, Safety, TrailStep
from rules.project.relations.relationship_faults import (
    FaultyRelationship,
    RelationshipFault,
    faulty_relationships,
)
from rules.project.source_edits import replaced
from rules.rule import Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA161", severity=Severity.HIGH)

_MEDIUM = {RelationshipFault.ONE_SIDED, RelationshipFault.ONE_OF_MANY}


def check(project: Project) -> Iterator[Hit]:
    """Report each relationship that does not fit, once where it is declared."""
    seen = set()
    for found in faulty_relationships(project):
        if found.relationship.place not in seen:
            seen.add(found.relationship.place)
            yield _hit(project, found)


def _hit(project: Project, found: FaultyRelationship) -> Hit:
    here = found.relationship
    other = found.other.place if found.other is not None else found.target.place
    name = found.other.name if found.other is not None else found.target.model_name
    return Hit(
        place=here.place,
        message=_message(found),
        subject=f"{found.table.model_name}.{here.name}",
        severity=Severity.MEDIUM if found.fault in _MEDIUM else None,
        trail=(
            TrailStep(here.place.path, here.place.line, f"`{found.table.model_name}.{here.name}`"),
            TrailStep(other.path, other.line, f"the other side, `{name}`"),
        ),
        fix=_fix(project, found),
    )


def _message(found: FaultyRelationship) -> str:
    table, target, here = found.table.model_name, found.target.model_name, found.relationship
    name, back = f"`{table}.{here.name}`", f"`{target}.{here.back_populates}`"
    match found.fault:
        case RelationshipFault.NO_COUNTERPART:
            cure = f"it is `{found.likely}`" if found.likely else "name the attribute that is meant"
            return f"{name} populates {back}, which does not exist; {cure}."
        case RelationshipFault.POINTS_ELSEWHERE:
            other = found.other.back_populates if found.other is not None else ""
            return (
                f"{name} is to be kept in step with {back}, which points back at `{table}.{other}`; "
                f"let both name each other."
            )
        case RelationshipFault.ONE_SIDED:
            return (
                f"{name} populates {back}, which does not point back, so changes of one side do not reach "
                f'the other; add `back_populates="{here.name}"` there.'
            )
        case _:
            return _message_of_keys(found, name)


def _message_of_keys(found: FaultyRelationship, name: str) -> str:
    table, target = found.table.model_name, found.target.model_name
    match found.fault:
        case RelationshipFault.NO_KEY:
            return (
                f"{name} relates `{table}` to `{target}`, but no foreign key joins their tables, so no "
                f"mapper can be configured; add the key, or name the link table."
            )
        case RelationshipFault.AMBIGUOUS:
            return (
                f"{name} relates `{table}` to `{target}`, which several foreign keys join, so no "
                f"mapper can be configured; say which with `foreign_keys`."
            )
        case RelationshipFault.LIST_OF_ONE:
            return (
                f"{name} is annotated as a list, but the foreign key stands on `{table}`: there is one "
                f"`{target}`; drop the list."
            )
        case _:
            return (
                f"{name} is annotated as one `{target}`, but several rows of it may reference the same "
                f"`{table}`; annotate a list, or make the key unique."
            )


def _fix(project: Project, found: FaultyRelationship) -> Fix | None:
    if found.likely is None:
        return None
    place = found.relationship.place
    old = f'back_populates="{found.relationship.back_populates}"'
    edits = replaced(project.files.get(place.path), place, old, f'back_populates="{found.likely}"')
    return Fix(f"Name `{found.likely}`", Safety.SAFE, edits) if edits else None
