"""Indexes that fixes add: to the declaration, and in a revision where the project has migrations."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import NoCache, load_options, prove_fixes, review_trusted
from rules.finding import Edit, Place, Safety
from rules.project.drafting.index_fixes import indexed
from rules.proving import prove
from rules.source import SourceFile
from rules.tree import Tree
from rules.verdict import Review

MAIN = """from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    slug: str


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(
        foreign_key="user.id",
        ondelete="CASCADE",
    )


@app.get("/users/{slug}")
def read_user(slug: str) -> User | None:
    with Session(engine) as session:
        return session.exec(select(User).where(User.slug == slug)).first()
"""
REVISION = """import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade():
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
"""
PLAIN = {"app/main.py": MAIN.encode()}
MIGRATED = {**PLAIN, "app/alembic/versions/1.py": REVISION.encode()}
CODES = {"BA159": 'ondelete="CASCADE", index=True,\n', "BA160": "    slug: str = Field(index=True)\n"}


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


@pytest.mark.parametrize("tree", [PLAIN, MIGRATED], ids=["plain", "migrated"])
@pytest.mark.parametrize("code", CODES)
def test_the_index_is_declared_and_migrated(code: str, tree: dict[str, bytes]) -> None:
    (found,) = [f for f in review(tree).findings if f.rule == code]
    assert found.fix is not None
    assert found.fix.safety is Safety.SUGGEST
    fixed = prove(found.fix, tree, found, review)
    assert CODES[code] in fixed["app/main.py"].decode()
    added = [path for path in fixed if path not in tree]
    assert [Path(path).parent.as_posix() for path in added] == ["app/alembic/versions"] * (tree is MIGRATED)


def test_indexes_that_are_each_migrated_are_proved_together_one_revision_after_the_other() -> None:
    """Each fix by itself adds a revision after the same head."""
    before = review(MIGRATED)
    wanted = [f for f in before.findings if f.rule in CODES]
    proof = prove_fixes(MIGRATED, load_options(MIGRATED), before, wanted, cache=NoCache())
    assert (proof.unproved, len(proof.applied)) == ((), 2)
    added = [data.decode() for path, data in proof.tree.items() if path not in MIGRATED]
    revised = {line for text in added for line in text.splitlines() if "down_revision" in line}
    made = {line for text in added for line in text.splitlines() if line.startswith("revision =")}
    assert len(revised) == len(made) == 2
    assert 'down_revision = "1"' in revised
    assert revised - {'down_revision = "1"'} <= {f"down_{line}" for line in made}


@pytest.mark.parametrize(
    ("text", "cured"),
    [
        ("x = Column(Integer)\n", "x = Column(Integer, index=True)\n"),
        ("x: Mapped[int] = mapped_column()\n", "x: Mapped[int] = mapped_column(index=True)\n"),
        ('x: str = Field("é")  # why\n', 'x: str = Field("é", index=True)  # why\n'),
        ("    x = sa.Column(Integer)\n", "    x = sa.Column(Integer, index=True)\n"),
        ("x: int = Field(**given)\n", None),
        ("x: int = Field(sa_column=Column(Integer))\n", None),
        ("x: Mapped[int]\n", None),
        ("x = relationship()\n", None),
        ("x: str = 'a'\n", None),
    ],
)
def test_where_the_argument_goes(text: str, cured: str | None) -> None:
    edits = indexed(SourceFile("a.py", text.encode()), Place("a.py", 1, 1, 1, 9))
    assert edits == (() if cured is None else (Edit("a.py", 1, 1, cured),))
