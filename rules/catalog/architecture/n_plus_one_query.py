"""One query for each row of another.

## What
On the way of a request a query stands in a loop or comprehension over the rows of another query, directly or
in a function that the loop calls; so does an attribute that loads a relationship when it is read.

## Why
A page of a hundred rows costs a hundred and one round trips to the database. With ten rows on the developer's
machine nobody sees it; with the data of a year each request takes seconds and holds its connection all along.

## Bad
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Author(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    author_id: int = Field(foreign_key="author.id", index=True)


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/books")
def read_books(session: Annotated[Session, Depends(get_session)]) -> list[str]:
    lines = []
    for book in session.exec(select(Book).limit(100)).all():
        author = session.get(Author, book.author_id)  # finding
        lines.append(f"{book.title}, {author.name if author else 'unknown'}")
    return lines
```

## Good
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Author(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    author_id: int = Field(foreign_key="author.id", index=True)


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/books")
def read_books(session: Annotated[Session, Depends(get_session)]) -> list[str]:
    rows = session.exec(select(Book, Author).join(Author).limit(100)).all()
    return [f"{book.title}, {author.name}" for book, author in rows]
```

## Fix
Join, or load the other rows at once: `selectinload(…)` for a relationship, `.where(T.id.in_(ids))` before the
loop otherwise.

## References
- https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html
- https://docs.sqlalchemy.org/en/20/glossary.html#term-N-plus-one-problem
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit
from rules.project.isolation.standing import steps_to
from rules.project.isolation.terms import name_of
from rules.project.project import Project
from rules.project.queries.lazy_loads import LazyLoad, lazy_loads
from rules.project.queries.repeated_queries import Repeated, repeated_queries
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA110", severity=Severity.MEDIUM)
_SEARCHED = ("join", "eager loading", "short list", "one query before the loop")


def check(project: Project) -> Iterator[Hit]:
    """One hit for each call in a loop that sends a query, and for each relationship loaded in one."""
    for found in repeated_queries(project):
        yield _of_query(found)
    for load in lazy_loads(project):
        yield _of_relationship(load)


def _of_query(found: Repeated) -> Hit:
    over = name_of(found.rows.tables[0]) or "row"
    what = f"a query of `{found.model}`" if found.model else "a query"
    return Hit(
        place=found.place,
        message=(
            f"`{found.inspection.route.title}` sends {what} for each `{over}` row of another query; join, or "
            "fetch all of them with one query before the loop."
        ),
        subject=f"{found.inspection.route.title} {found.model} by {over}",
        confidence=Confidence.HIGH if found.certain else Confidence.MEDIUM,
        trail=tuple(steps_to(found.inspection, found.effect, "the query is sent here, once for each row")),
        guards_searched=_SEARCHED,
    )


def _of_relationship(load: LazyLoad) -> Hit:
    return Hit(
        place=load.place,
        message=(
            f"`{load.model}.{load.name}` is loaded by a query of its own for each row here; add "
            f"`selectinload({load.model}.{load.name})` to the query of the rows."
        ),
        subject=f"{load.inspection.route.title} {load.model}.{load.name}",
        trail=tuple(steps_to(load.inspection, load.rows.effect, f"the `{load.model}` rows are queried here")),
        guards_searched=_SEARCHED,
    )
