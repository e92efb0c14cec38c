"""Modules with tables that import each other.

## What

Modules that declare tables, or the packages that hold them, import each other at their top level, so that
executing one of them begins with another that is not finished. Imports under `if TYPE_CHECKING:` and within
functions are none of these.

## Why

Such a cycle works for the one order in which the modules happen to be imported now. A new import elsewhere,
a test that starts with another module, or Alembic's `env.py` gives an `ImportError`, or tables that are
missing from `metadata`, and so from the next migration.

## Bad

```python
# app/models/user.py
from sqlmodel import Field, Relationship, SQLModel

from app.models.team import Team  # finding: BA167


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    team: Team | None = Relationship(back_populates="users")
```

```python
# app/models/team.py
from sqlmodel import Field, Relationship, SQLModel

import app.models.user


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    users: list["app.models.user.User"] = Relationship(back_populates="team")
```

```python
# app/main.py
from fastapi import FastAPI

from app.models.user import User

app = FastAPI()
```

## Good

```python
# app/models/user.py
from typing import TYPE_CHECKING, Optional

from sqlmodel import Field, Relationship, SQLModel

if TYPE_CHECKING:
    from app.models.team import Team


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    team: Optional["Team"] = Relationship(back_populates="users")
```

```python
# app/models/team.py
from typing import TYPE_CHECKING

from sqlmodel import Field, Relationship, SQLModel

if TYPE_CHECKING:
    from app.models.user import User


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    users: list["User"] = Relationship(back_populates="team")
```

```python
# app/main.py
from fastapi import FastAPI

from app.models.team import Team
from app.models.user import User

app = FastAPI()
```

## Fix

Name the other class by a string and import it under `if TYPE_CHECKING:`; import all modules with tables in
one place that nothing of them imports.

## References

- https://sqlmodel.tiangolo.com/tutorial/code-structure/#circular-imports-and-type-annotations
- https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.project import Project
from rules.project.relations.import_cycles import Import, model_import_cycles
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA167", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each cycle, on an import that closes it."""
    for cycle in model_import_cycles(project):
        last = cycle[-1]
        names = " → ".join(f"`{step.importer.dotted}`" for step in cycle)
        yield Hit(
            place=last.place,
            message=(
                f"{names} → `{last.imported.dotted}` import each other while they are executed, which works "
                "for one order of imports alone; import under `if TYPE_CHECKING:` and name the class by "
                "a string."
            ),
            subject=" ".join(sorted(step.importer.path for step in cycle)),
            confidence=Confidence.HIGH if all(step.certain for step in cycle) else Confidence.LOW,
            trail=tuple(_step(step) for step in cycle),
        )


def _step(step: Import) -> TrailStep:
    place = step.place
    return TrailStep(place.path, place.line, f"`{step.importer.dotted}` imports `{step.imported.dotted}`")
