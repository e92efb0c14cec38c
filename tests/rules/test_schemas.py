"""Pydantic models as the running models say them: fields, requiredness, aliases, exclusion, constraints."""

from __future__ import annotations

import pydantic
import pytest
import sqlmodel

from rules.configuration import Options
from rules.evaluation.values import Const
from rules.project.project import Project
from rules.project.schema.schemas import Schema
from rules.source import SourceFile

SOURCE = """
from typing import Annotated, ClassVar, Generic, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Field as Column, SQLModel

T = TypeVar("T")
Short = Annotated[str, Field(max_length=10)]


class Base(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: ClassVar[int] = 3
    _hidden: int = 0
    name: str = Field(min_length=1, max_length=50, alias="fullName")
    note: Optional[str]
    tags: list[str] = Field(default_factory=list)


class Child(Base):
    name: str = "anon"
    code: Short
    secret: str = Field(..., exclude=True)
    age: int = Field(ge=0, default=1)


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class ChildPage(Page[Child]):
    more: bool = False


class Row(SQLModel, table=True):
    id: int | None = Column(default=None, primary_key=True)
    title: str = Column(max_length=5)
"""
NAMES = ("Base", "Child", "Page", "ChildPage", "Row")


@pytest.fixture(scope="module")
def found() -> dict[str, Schema]:
    project = Project({"models.py": SourceFile("models.py", SOURCE.encode())}, Options())
    return {schema.name: schema for schema in project.schemas.values()}


@pytest.fixture(scope="module")
def running() -> dict[str, type[pydantic.BaseModel]]:
    names: dict[str, type[pydantic.BaseModel]] = {}
    exec(compile(SOURCE, "models.py", "exec"), names)  # noqa: S102
    return names


@pytest.mark.parametrize("name", NAMES)
def test_fields_are_those_of_the_running_model(
    name: str, found: dict[str, Schema], running: dict[str, type[pydantic.BaseModel]]
) -> None:
    fields = running[name].model_fields
    shown = {n: (f.required, f.excluded, f.alias) for n, f in found[name].fields.items()}
    assert shown == {n: (f.is_required(), bool(f.exclude), f.alias) for n, f in fields.items()}
    assert found[name].is_table == (running[name].model_config.get("table") is True)


def test_constraints_come_from_the_field_and_from_the_annotation(found: dict[str, Schema]) -> None:
    limits = {
        name: {k: v.value for k, v in field.constraints.items() if isinstance(v, Const)}
        for name, field in found["Child"].fields.items()
    }
    assert limits["code"] == {"max_length": 10}
    assert limits["age"] == {"ge": 0}
    assert limits["name"] == {}


def test_a_table_is_a_schema_too(found: dict[str, Schema]) -> None:
    assert issubclass(sqlmodel.SQLModel, pydantic.BaseModel)
    assert found["Row"].complete
    assert found["Row"].fields["id"].shape.optional
