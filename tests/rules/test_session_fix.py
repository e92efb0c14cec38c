"""BA103's fix takes the session that the project's handlers are given."""

from __future__ import annotations

import pytest

from rules import NoCache, Proof, load_options, prove_fixes, review_trusted

HEAD = """from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
app = FastAPI()


@app.get("/notes/count", response_model=int)
def count(session: SessionDep) -> int:
    return len(session.exec(select(Note).limit(9)).all())


"""
PLAIN = '''@app.get("/notes/first")
def first(text: str) -> Note | None:
    """The first."""
    with Session(engine) as db:
        statement = select(Note)
        if text:
            statement = statement.where(Note.text == text)
        return db.exec(statement.limit(1)).first()
'''
FIXED = '''@app.get("/notes/first")
def first(text: str, db: SessionDep) -> Note | None:
    """The first."""
    statement = select(Note)
    if text:
        statement = statement.where(Note.text == text)
    return db.exec(statement.limit(1)).first()
'''
TEXT = PLAIN.replace("if text:", 'if text == """\n        a""":')
TAKEN = PLAIN.replace("(text: str)", "(text: str, db: int)")
TWO = PLAIN.replace("Session(engine) as db:", "Session(engine) as db, Session(engine) as other:")
SERVICE = PLAIN.replace('@app.get("/notes/first")\n', "").replace("def first", "def find") + (
    '\n\n@app.get("/notes/first")\ndef first(text: str) -> Note | None:\n    return find(text)\n'
)

HELPER = "def opened():\n    return Session(engine)\n\n\n" + PLAIN.replace(
    "Session(engine) as db", "opened() as db"
)


def _proof(handler: str) -> Proof:
    tree = {"app/main.py": (HEAD + handler).encode()}
    options = load_options(tree)
    before = review_trusted(tree, options, cache=NoCache())
    own = [finding for finding in before.findings if finding.rule == "BA103"]
    assert own
    return prove_fixes(tree, options, before, own, cache=NoCache())


def test_the_session_is_injected_under_its_own_name() -> None:
    proof = _proof(PLAIN)
    assert proof.unproved == ()
    assert proof.tree["app/main.py"].decode() == HEAD + FIXED


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(TEXT, id="a text over several lines stands in the body"),
        pytest.param(TAKEN, id="the name is another parameter's"),
        pytest.param(TWO, id="two are opened at once"),
        pytest.param(HELPER, id="a helper may give something else than a session"),
        pytest.param(SERVICE, id="a service is called with what its callers give"),
    ],
)
def test_there_is_no_fix(handler: str) -> None:
    assert _proof(handler).applied == ()
