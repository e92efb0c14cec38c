"""Queries as they are read from a run: kind, tables, criteria, through every style of asking."""

from __future__ import annotations

import pytest

from rules.evaluation.values import Member
from rules.project.isolation.comparisons import comparison
from rules.project.isolation.queries import Query
from rules.project.isolation.terms import plain
from tests.rules.isolation_projects import isolation

_HEAD = """
from fastapi import Depends, FastAPI
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, and_, col, delete, func, select, update
app = FastAPI()

def _count(statement):
    return select(func.count()).select_from(statement.subquery())

class User(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Item(SQLModel, table=True):
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="user.id")

@app.get("/x")
def x(key: int, s: Session, owner: int):
"""


def _queries(body: str) -> list[Query]:
    found = isolation(_HEAD + "\n".join(f"    {line}" for line in body.splitlines()))
    [inspection] = found.inspections()
    return inspection.guards.queries


def _columns(query: Query) -> list[list[str]]:
    columns = []
    for variant in query.variants:
        made = [comparison(criterion, truth=True) for criterion in variant.statement.filters]
        lefts = [plain(found.left) for found in made if found is not None]
        columns.append([left.name for left in lefts if isinstance(left, Member)])
    return columns


@pytest.mark.parametrize(
    ("body", "kind", "columns"),
    [
        ("return s.get(Item, key)", "row", [["id"]]),
        ("return s.exec(select(Item).where(Item.id == key)).first()", "row", [["id"]]),
        ("return s.exec(select(Item).where(col(Item.id).in_([key]))).all()", "rows", [["id"]]),
        ("return s.execute(select(Item)).scalars().all()", "rows", [[]]),
        ("return s.scalar(select(func.count()).select_from(Item))", "count", [[]]),
        ("return s.scalars(select(Item).filter_by(owner_id=owner)).one()", "row", [["owner_id"]]),
        ("return s.query(Item).filter(Item.id == key).first()", "row", [["id"]]),
        ("return s.query(Item).filter_by(id=key, owner_id=owner).all()", "rows", [["id", "owner_id"]]),
        ("return s.query(Item).get(key)", "row", [["id"]]),
        ("return s.query(Item).count()", "count", [[]]),
        ("return s.query(Item).filter(Item.id == key).delete()", "delete", [["id"]]),
        ("s.exec(delete(Item).where(Item.id == key))", "delete", [["id"]]),
        ("s.execute(update(Item).where(Item.owner_id == owner).values(id=1))", "update", [["owner_id"]]),
        (
            "m = select(Item).where(Item.owner_id == owner)\nreturn s.scalar(_count(m))",
            "count",
            [["owner_id"]],
        ),
        (
            "q = select(Item)\nif key:\n    q = q.where(Item.id == key)\nreturn s.exec(q).all()",
            "rows",
            [["id"], []],
        ),
    ],
)
def test_a_query_is_read_in_every_style(body: str, kind: str, columns: list[list[str]]) -> None:
    [query] = _queries(body)

    assert query.kind == kind
    assert _columns(query) == columns


@pytest.mark.parametrize(
    "body",
    [
        "return {'a': 1}.get(key)",
        "return requests.get(key)",
        "return select(Item)",
        "s.commit()",
        "return s.execute(raw)",
    ],
)
def test_what_is_no_query_is_not_read_as_one(body: str) -> None:
    assert _queries(body) == []
