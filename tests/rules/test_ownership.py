"""Which tables belong to users, and by which columns."""

from __future__ import annotations

from rules.configuration.options import Options
from rules.project.isolation.ownership import Ownership
from tests.rules.isolation_projects import project

_MODELS = """
from sqlmodel import Field, SQLModel

class User(SQLModel, table=True):
    id: int = Field(primary_key=True)

class Project(SQLModel, table=True):
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="user.id")

class Task(SQLModel, table=True):
    id: int = Field(primary_key=True)
    project_id: int = Field(foreign_key="project.id")

class Comment(SQLModel, table=True):
    id: int = Field(primary_key=True)
    task_id: int = Field(foreign_key="task.id")

class Member(SQLModel, table=True):
    project_id: int = Field(foreign_key="project.id", primary_key=True)
    user_id: int = Field(foreign_key="user.id", primary_key=True)

class Page(SQLModel, table=True):
    id: int = Field(primary_key=True)
    updated_by_id: int = Field(foreign_key="user.id")

class Bookmark(SQLModel, table=True):
    id: int = Field(primary_key=True)
    user_id: str

class Country(SQLModel, table=True):
    id: int = Field(primary_key=True)
    author: str
"""


def _ownership(options: Options | None = None) -> Ownership:
    found = project({"models.py": _MODELS}, options)
    return Ownership(found.tables, options or Options())


def _paths(ownership: Ownership) -> dict[str, list[tuple[str, str | None, bool, bool]]]:
    return {
        table.name: [
            (o.column.name, o.parent.name if o.parent else None, o.audit, o.certain)
            for o in ownership.paths(table)
        ]
        for table in ownership.tables
    }


def test_tables_are_owned_directly_through_parents_and_by_links() -> None:
    paths = _paths(_ownership())

    assert paths["user"] == []
    assert paths["project"] == [("owner_id", None, False, True)]
    assert paths["task"] == [("project_id", "project", False, True)]
    assert paths["comment"] == [("task_id", "task", False, True)]
    assert ("user_id", None, False, True) in paths["member"]


def test_a_column_that_says_who_acted_is_weaker_and_one_without_a_key_is_uncertain() -> None:
    paths = _paths(_ownership())

    assert paths["page"] == [("updated_by_id", None, True, True)]
    assert paths["bookmark"] == [("user_id", None, False, False)]


def test_configuration_names_user_tables_and_owner_columns() -> None:
    ownership = _ownership(Options(user_tables=("country",), owner_columns=("page.updated_by_id",)))
    paths = _paths(ownership)

    assert [t.name for t in ownership.tables if ownership.is_user(t)] == ["country"]
    assert paths["page"] == [("updated_by_id", None, False, True)]
    assert paths["project"] == []
