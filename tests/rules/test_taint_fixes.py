"""The fixes of the taint rules cure their finding and bring no other."""

from __future__ import annotations

import pytest

from rules import NoCache, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review

HEAD = """from fastapi import FastAPI, HTTPException
from sqlmodel import Session, create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.post("/books")
def books(title: str, author: str, limit: str):
    with Session(engine) as session:
        try:
            {statement}
        except Exception as error:
            {raising}
"""
SOUND = {"statement": "session.commit()", "raising": "raise"}
FIXES = [
    (
        "BA318",
        {"statement": """session.execute(text(f"SELECT id FROM book WHERE title = '{title}'"))"""},
        """session.execute(text("SELECT id FROM book WHERE title = :title"), {"title": title})""",
    ),
    (
        "BA318",
        {"statement": """session.exec(text(f"SELECT 1 FROM b WHERE t = '{title}' LIMIT {limit}"))"""},
        """WHERE t = :title LIMIT :limit"), params={"title": title, "limit": limit})""",
    ),
    ("BA321", {"raising": "raise HTTPException(500, detail=str(error))"}, 'detail="Internal server error")'),
    (
        "BA321",
        {"raising": 'raise HTTPException(500, f"failed: {error}") from error'},
        '500, "Internal server error")',
    ),
]
NOT_FIXED = [
    """session.execute(text(f"SELECT id FROM book ORDER BY {title}"))""",
    """session.execute(text(f"SELECT id FROM {title}"))""",
    """session.execute(text(f"SELECT id FROM book WHERE title LIKE '%{title}%'"))""",
    """session.execute(text("SELECT id FROM book WHERE title = '" + title + "'"))""",
    """session.execute(text(f"SELECT {title} FROM book WHERE author = '{author}'"))""",
]
QUERY = """from fastapi import FastAPI

app = FastAPI()


@app.post("/login")
def login(
    email: str,
    password: str,
) -> None: ...
"""


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


def program(changed: dict[str, str]) -> Tree:
    return {"app/main.py": HEAD.format(**{**SOUND, **changed}).encode()}


@pytest.mark.parametrize(("rule", "changed", "cured"), FIXES)
def test_a_fix_cures(rule: str, changed: dict[str, str], cured: str) -> None:
    tree = program(changed)
    finding = next(f for f in review(tree).findings if f.rule == rule)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SUGGEST
    fixed = prove(finding.fix, tree, finding, review)
    assert cured in fixed["app/main.py"].decode()
    assert rule not in {f.rule for f in review(fixed).findings}


@pytest.mark.parametrize("statement", NOT_FIXED)
def test_what_is_no_whole_value_is_not_bound(statement: str) -> None:
    finding = next(f for f in review(program({"statement": statement})).findings if f.rule == "BA318")
    assert finding.fix is None


def test_a_credential_is_read_from_a_form() -> None:
    tree: Tree = {"app/main.py": QUERY.encode()}
    finding = next(f for f in review(tree).findings if f.rule == "BA323")
    assert finding.fix is not None
    fixed = prove(finding.fix, tree, finding, review)["app/main.py"].decode()
    assert "    password: Annotated[str, Form()],\n" in fixed
    assert fixed.startswith("from typing import Annotated\n\nfrom fastapi import FastAPI, Form\n")
    compile(fixed, "main.py", "exec")


def test_a_credential_beside_a_body_is_left_to_a_person() -> None:
    text = QUERY.replace("    email: str,", "    names: list[str],")
    finding = next(f for f in review({"app/main.py": text.encode()}).findings if f.rule == "BA323")
    assert finding.fix is None
