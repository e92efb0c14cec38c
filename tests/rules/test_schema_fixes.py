"""The fixes of the schema rules cure their finding and bring no other."""

from __future__ import annotations

import pytest

from rules import NoCache, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.rule import Severity
from rules.tree import Tree
from rules.verdict import Review

HEAD = """import uuid
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlmodel import Field, Relationship, SQLModel

app = FastAPI()


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    team: Team = Relationship(back_populates="heroes")
    made_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
"""
FIXES = [
    ("BA158", '"team.id"', '"teams.id"', '"team.id"', Safety.SAFE),
    (
        "BA159",
        'foreign_key="team.id", index=True',
        'foreign_key="team.id"',
        'foreign_key="team.id", index=True',
        Safety.SUGGEST,
    ),
    ("BA161", 'populates="heroes"', 'populates="heros"', 'populates="heroes"', Safety.SAFE),
    (
        "BA162",
        "default_factory=lambda: datetime.now(UTC)",
        "default=datetime.now(UTC)",
        "default_factory=lambda: datetime.now(UTC)",
        Safety.SAFE,
    ),
    (
        "BA162",
        "default_factory=lambda: datetime.now(UTC)",
        "default=datetime.now()",
        "default_factory=datetime.now",
        Safety.SAFE,
    ),
    (
        "BA157",
        "class Hero(SQLModel, table=True):\n    id: int | None =",
        "class Hero(SQLModel, table=True):\n    id: int =",
        "class Hero(SQLModel, table=True):\n    id: int | None =",
        Safety.SAFE,
    ),
]


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


@pytest.mark.parametrize(("code", "sound", "broken", "cured", "safety"), FIXES)
def test_the_fix_cures(code: str, sound: str, broken: str, cured: str, safety: Safety) -> None:
    text = HEAD.replace(sound, broken)
    tree = {"app/main.py": text.encode()}
    (finding,) = [f for f in review(tree).findings if f.rule == code]
    assert finding.fix is not None
    assert finding.fix.safety is safety
    fixed = prove(finding.fix, tree, finding, review)
    assert fixed["app/main.py"].decode() == text.replace(broken, cured)


@pytest.mark.parametrize(
    "broken",
    ["default=datetime.utcnow()", "sa_column=Column(DateTime, default=datetime.utcnow())",
     "default=datetime.now().replace(microsecond=0)"],
)  # fmt: skip
def test_a_default_that_its_callable_does_not_stand_for_has_no_fix(broken: str) -> None:
    head = HEAD.replace("import Field,", "import Column, DateTime, Field,")
    text = head.replace("default_factory=lambda: datetime.now(UTC)", broken)
    (finding,) = [f for f in review({"app/main.py": text.encode()}).findings if f.rule == "BA162"]
    assert (finding.severity, finding.fix) == (Severity.HIGH, None)
