"""Tables out of SQL, DBML and Markdown: the same facts, and changes of a specification that are found."""

from __future__ import annotations

import pytest

from rules.configuration import Options
from rules.project.conformance.schema_conformance import schema_conformance
from rules.project.conformance.table_readers import tables
from rules.project.project import Project
from rules.source import SourceFile
from rules.specification.problem import Unreadable

MODELS = b"""\
import uuid
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy import Column, DateTime, ForeignKey
from sqlmodel import Field, SQLModel


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=50, unique=True)


class Member(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    team_id: int = Field(sa_column=Column(ForeignKey("team.id", ondelete="CASCADE"), nullable=False))
    email: str = Field(max_length=120)
    bio: str | None = None
    active: bool = True
    joined: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


app = FastAPI()
"""
SQL = """\
CREATE TABLE team (
    id SERIAL PRIMARY KEY,
    name VARCHAR(50) NOT NULL UNIQUE
);
CREATE TABLE member (
    id UUID PRIMARY KEY,
    team_id INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    email VARCHAR(120) NOT NULL,
    bio TEXT,
    active BOOLEAN NOT NULL,
    joined TIMESTAMPTZ NOT NULL
);
"""
DBML = """\
Table team {
  id int [pk]
  name varchar(50) [not null, unique]
}
/* members
   of teams */
Table member {
  id uuid [pk]
  team_id int [not null, ref: > team.id] // the team
  email varchar(120) [not null]
  bio text [null]
}
"""
MARKDOWN = """\
# Data model

## Entity: Team

### Fields

| Field | Type | Constraints |
|---|---|---|
| id | int | PK |
| name | varchar(50) | NOT NULL, UNIQUE |

## Member

| Column | Type | Nullable |
|---|---|---|
| id | UUID | no |
| team_id | int | no |
| bio | text | yes |
"""
MUTANTS = [
    ("name VARCHAR(50)", "name VARCHAR(60)", "team.name"),
    ("name VARCHAR(50)", "name INTEGER", "team.name"),
    ("name VARCHAR(50) NOT NULL", "title VARCHAR(50) NOT NULL", "team.title"),
    ("id UUID PRIMARY KEY", "id BIGINT PRIMARY KEY", "member.id"),
    ("team_id INTEGER NOT NULL", "team_id INTEGER", "member.team_id"),
    ("team_id INTEGER NOT NULL", "team_id UUID NOT NULL", "member.team_id"),
    ("REFERENCES team (id)", "REFERENCES club (id)", "member.team_id"),
    ("ON DELETE CASCADE", "ON DELETE SET NULL", "member.team_id"),
    ("email VARCHAR(120) NOT NULL", "email VARCHAR(120) NOT NULL UNIQUE", "member.email"),
    ("email VARCHAR(120) NOT NULL", "email VARCHAR(120)", "member.email"),
    ("email VARCHAR(120)", "email VARCHAR(12)", "member.email"),
    ("bio TEXT", "bio TEXT NOT NULL", "member.bio"),
    ("bio TEXT", "bio JSON", "member.bio"),
    ("active BOOLEAN", "active INTEGER", "member.active"),
    ("joined TIMESTAMPTZ", "joined TIMESTAMP", "member.joined"),
    ("joined TIMESTAMPTZ", "joined DATE", "member.joined"),
    ("joined TIMESTAMPTZ NOT NULL", "joined TIMESTAMPTZ NOT NULL, phone TEXT", "member.phone"),
    ("joined TIMESTAMPTZ NOT NULL", "joined TIMESTAMPTZ NOT NULL, UNIQUE (team_id, bio)", "`bio`, `team_id`"),
    ("CREATE TABLE member", "CREATE TABLE person", "`person`"),
]


def project(path: str, text: str) -> Project:
    files = {"main.py": MODELS, path: text.encode()}
    return Project({name: SourceFile(name, data) for name, data in files.items()}, Options())


@pytest.mark.parametrize(
    ("path", "text"), [("schema.sql", SQL), ("docs/schema.dbml", DBML), ("specs/data-model.md", MARKDOWN)]
)
def test_what_the_models_keep_to_is_silent(path: str, text: str) -> None:
    assert {table.name.lower() for table in tables(path, text.encode())} == {"team", "member"}
    found = schema_conformance(project(path, text))
    assert (found.mismatches, found.questions) == ((), ())


@pytest.mark.parametrize(("old", "new", "about"), MUTANTS)
def test_each_change_of_the_definitions_is_found(old: str, new: str, about: str) -> None:
    assert old in SQL
    found = schema_conformance(project("schema.sql", SQL.replace(old, new))).mismatches
    assert any(about in difference.said for difference in found)


def test_what_is_not_mentioned_is_no_difference() -> None:
    without = (
        SQL.replace(" PRIMARY KEY,\n    name", ",\n    name")
        .replace(" UNIQUE", "")
        .replace("    bio TEXT,\n", "")
    )
    assert schema_conformance(project("schema.sql", without)).mismatches == ()


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "about"),
    [
        ("a.dbml", DBML, "name varchar(50)", "name varchar(40)", "team.name"),
        ("a.dbml", DBML, "bio text [null]", "bio text [not null]", "member.bio"),
        ("a.dbml", DBML, "id uuid [pk]", "id int [pk]", "member.id"),
        ("a.dbml", DBML, "email varchar", "mail varchar", "member.mail"),
        ("specs/data-model.md", MARKDOWN, "| bio | text | yes |", "| bio | text | no |", "member.bio"),
        ("specs/data-model.md", MARKDOWN, "| id | UUID |", "| id | int |", "member.id"),
        ("specs/data-model.md", MARKDOWN, "| team_id | int |", "| club_id | int |", "member.club_id"),
    ],
)
def test_each_change_of_other_forms_is_found(path: str, text: str, old: str, new: str, about: str) -> None:
    assert old in text
    found = schema_conformance(project(path, text.replace(old, new))).mismatches
    assert any(about in difference.said for difference in found)


def test_places_are_the_model_and_the_line_of_the_specification() -> None:
    (found,) = schema_conformance(
        project("schema.sql", SQL.replace("bio TEXT", "bio TEXT NOT NULL"))
    ).mismatches
    assert (found.place.path, MODELS.decode().split("\n")[found.place.line - 1].strip()) == (
        "main.py",
        "bio: str | None = None",
    )
    assert (found.specified.path, found.specified.line) == ("schema.sql", 9)


def test_sql_that_cannot_be_read_says_why() -> None:
    with pytest.raises(Unreadable):
        tables("schema.sql", b"CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(10;")
