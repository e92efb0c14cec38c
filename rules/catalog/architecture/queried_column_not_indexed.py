"""A column that requests search or sort by has no index.

## What

A query on the request path selects its rows by a column, or gives the first few in its order, and neither
the model nor a migration has an index, unique constraint or primary key that begins with it. Queries that
already find their rows by another index are left alone, and so are flags and enumerations, whose few values
an index seldom helps.

## Why

Without an index the database reads the whole table for each such request: unnoticed with a hundred rows,
the slowest endpoint with a million.

## Bad

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
app = FastAPI()


class Article(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    slug: str  # finding
    text: str


@app.get("/articles/{slug}")
def read_article(slug: str) -> Article | None:
    with Session(engine) as session:
        return session.exec(select(Article).where(Article.slug == slug)).first()
```

## Good

```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
app = FastAPI()


class Article(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(index=True)
    text: str


@app.get("/articles/{slug}")
def read_article(slug: str) -> Article | None:
    with Session(engine) as session:
        return session.exec(select(Article).where(Article.slug == slug)).first()
```

## Fix

Say `index=True` (or `unique=True` where two rows may not share a value), and create the index in a revision
(with `postgresql_concurrently=True` on a table in use). A table that stays small can do without.

## References

- https://www.postgresql.org/docs/current/indexes-intro.html
- https://sqlmodel.tiangolo.com/tutorial/indexes/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.drafting.index_fixes import index_fix
from rules.project.project import Project
from rules.project.relations.queried_columns import QueriedColumn, Use, queried_columns
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA160", severity=Severity.LOW)
_SHOWN = 3


def check(project: Project) -> Iterator[Hit]:
    """One hit for each column, on the model."""
    for found in queried_columns(project):
        filtered = any(use.way == "filter" for use in found.uses)
        sites = {(use.origin.module.path, use.origin.node.line) for use in found.uses}
        yield Hit(
            place=found.column.place,
            message=_message(found, filtered=filtered),
            subject=f"{found.table.key}.{found.column.name}",
            confidence=Confidence.HIGH if filtered and len(sites) > 1 else Confidence.MEDIUM,
            trail=_trail(found),
            fix=index_fix(project, found.column),
        )


def _message(found: QueriedColumn, *, filtered: bool) -> str:
    titles = list(dict.fromkeys(use.inspection.route.title for use in found.uses))
    others = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    does = "searches" if filtered else "sorts"
    return (
        f"`{titles[0]}`{others} {does} `{found.table.model_name}` by `{found.column.attribute}`, and no "
        "index begins with it, so each such request reads the whole table; add `index=True`."
    )


def _trail(found: QueriedColumn) -> tuple[TrailStep, ...]:
    steps: dict[tuple[str, int], TrailStep] = {}
    for use in found.uses[:_SHOWN]:
        steps.update({(step.path, step.line): step for step in _steps(use, found)})
    return tuple(steps.values())


def _steps(use: Use, found: QueriedColumn) -> Iterator[TrailStep]:
    route = use.inspection.route
    registered = route.place
    yield TrailStep(registered.path, registered.line, f"`{route.title}` is registered")
    query = use.origin.module.source.place(use.origin.node)
    does = "filters" if use.way == "filter" else "sorts"
    yield TrailStep(query.path, query.line, f"its query {does} by `{found.column.attribute}`")
