"""A check that another request can overtake.

## What
A request looks whether a row with some value exists, and inserts one if not; or it compares a number of a row
and then adds to it or takes from it. Nothing in the database forbids that two requests do so at once: no
unique constraint on the column, no lock on the row, no `ON CONFLICT`.

## Why
Between the read and the write another request may do the same. Two clicks make two rows with one e-mail
address, and each later `one_or_none()` raises; two orders take the last piece of the stock; two withdrawals
spend one balance. Tests, which run one request at a time, never show it.

## Bad
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class Tag(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/tags", status_code=201)
def create_tag(name: str, session: Annotated[Session, Depends(get_session)]) -> Tag:
    existing = session.exec(select(Tag).where(Tag.name == name)).first()  # finding
    if existing is not None:
        raise HTTPException(409, "This tag exists.")
    tag = Tag(name=name)
    session.add(tag)
    session.commit()
    return tag
```

## Good
```python
# app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")


class Tag(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/tags", status_code=201)
def create_tag(name: str, session: Annotated[Session, Depends(get_session)]) -> Tag:
    tag = Tag(name=name)
    session.add(tag)
    try:
        session.commit()
    except IntegrityError as error:
        raise HTTPException(409, "This tag exists.") from error
    return tag
```

## Fix
Let the database decide. For "exists": a unique constraint, and the answer to its `IntegrityError`. For a
number: `select(…).with_for_update()`, or one `update(T).where(T.stock >= n).values(stock=T.stock - n)` whose
row count tells whether it was enough.

## References
- CWE-362, race condition: https://cwe.mitre.org/data/definitions/362.html
- CWE-367, time of check, time of use: https://cwe.mitre.org/data/definitions/367.html
- https://www.postgresql.org/docs/current/transaction-iso.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.project import Project
from rules.project.sessions.races import Race, races
from rules.rule import Rule, Severity

RULE = Rule(code="BA112", severity=Severity.MEDIUM, cwe=(362, 367))
_SEARCHED = ("unique constraint", "`with_for_update`", "`ON CONFLICT`", "lock", "`IntegrityError` caught")


def check(project: Project) -> Iterator[Hit]:
    """One hit for each read that decides a write."""
    for race in races(project):
        write = place_of(race.write.origin)
        yield Hit(
            place=standing_of(race.inspection, race.query.effect),
            message=_message(race),
            subject=f"{race.table.key} {' '.join(race.columns)}",
            confidence=race.confidence,
            trail=(
                *steps_to(race.inspection, race.query.effect, "the row is looked for here"),
                TrailStep(write.path, write.line, "what was found decides this write"),
            ),
            guards_searched=_SEARCHED,
        )


def _message(race: Race) -> str:
    model, names = race.table.model_name, ", ".join(race.columns)
    if race.is_insert:
        return (
            f"two requests may both find no `{model}` with this `{names}` and both insert one: nothing makes "
            f"`{names}` unique; add a unique constraint and answer its `IntegrityError`."
        )
    return (
        f"two requests may both read `{model}.{names}`, both pass the check and both change it; lock the row "
        "(`with_for_update()`), or check and change it in one `update(…).where(…)`."
    )
