"""Hazards of migrations beside a base, and the questions that go with them."""

from __future__ import annotations

import rules
from rules import NoCache, load_options, review_trusted
from rules.verdict import Review

MAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n"
HEAD = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{0}"\ndown_revision = {1}\n\n\n'
UPGRADE = "def upgrade():\n    {2}\n"
CREATE = (
    'op.create_table("item", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("sku", sa.Text()))'
)


def tree(*operations: str) -> dict[str, bytes]:
    """A project with one revision an operation, each after the one before."""
    found = {"main.py": MAIN}
    for number, operation in enumerate(operations):
        down = f'"r{number - 1}"' if number else None
        found[f"alembic/versions/r{number}.py"] = (HEAD + UPGRADE).format(f"r{number}", down, operation)
    return {path: text.encode() for path, text in found.items()}


def review(*operations: str) -> Review:
    files = tree(*operations)
    return review_trusted(files, load_options(files), cache=NoCache())


def told(review: Review) -> tuple[list[str], list[str]]:
    """The files of BA165's findings, and of the questions."""
    findings = [f.path.rpartition("/")[2] for f in review.findings if f.rule == "BA165"]
    asked = [q.path.rpartition("/")[2] for q in review.questions if q.kind == "breaking-schema-change"]
    return findings, asked


def test_only_revisions_that_the_change_adds_are_told() -> None:
    drop = 'op.drop_column("item", "sku")'
    required = 'op.add_column("item", sa.Column("size", sa.Integer(), nullable=False))'
    base, head = review(CREATE, drop), review(CREATE, drop, required)
    assert told(head) == (["r1.py", "r2.py"], ["r1.py", "r2.py"])
    comparison = rules.compare(base, head)
    assert told(comparison.head) == (["r2.py"], ["r2.py"])
    assert comparison.fixed == ()
    assert told(rules.compare(None, head).head) == told(head)


def test_revisions_that_fall_out_of_sight_are_no_repairs() -> None:
    quiet = 'op.execute("SELECT 1")'
    base = review(CREATE, 'op.drop_table("item")')
    head = review(CREATE, 'op.drop_table("item")', *[quiet] * 6)
    comparison = rules.compare(base, head)
    assert [f.rule for f in base.findings] == ["BA165"]
    assert [f.rule for f in comparison.fixed] == []


def test_a_question_says_what_breaks() -> None:
    head = review(CREATE, 'op.drop_table("item")')
    assert [q.message for q in head.questions] == [
        "Is revision `r1` ready for the data that exist? It drops a table (`item`)."
    ]


def test_a_lock_breaks_no_data() -> None:
    findings, asked = told(review(CREATE, 'op.create_index("ix_item_sku", "item", ["sku"])'))
    assert (findings, asked) == (["r1.py"], [])
