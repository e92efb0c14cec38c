"""BA311's fix answers with the schema that the project answers with elsewhere."""

from __future__ import annotations

import pytest

from rules import NoCache, Proof, load_options, prove_fixes, review_trusted

HEAD = """from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    hashed_password: str


class UserPublic(BaseModel):
    id: int
    name: str


@app.get("/users/newest", response_model=UserPublic)
def newest() -> User | None:
    with Session(engine) as session:
        return session.exec(select(User).order_by(User.id).limit(1)).first()


"""
BODY = """    with Session(engine) as session:
        return session.get_one(User, 1)
"""
RAW = """    with Session(engine) as session:
        return JSONResponse(session.get_one(User, 1).model_dump())
"""
LIST = """    with Session(engine) as session:
        return list(session.exec(select(User).limit(9)).all())
"""
FIXED = [
    (f'@app.get("/a", response_model=User)\ndef a():\n{BODY}', '@app.get("/a", response_model=UserPublic)'),
    (f'@app.get("/a")\ndef a() -> User:\n{BODY}', '@app.get("/a", response_model=UserPublic)'),
    (f'@app.get("/a")\ndef a():\n{BODY}', '@app.get("/a", response_model=UserPublic)'),
    (
        f'@app.get("/a", tags=["x"])\ndef a() -> list[User]:\n{LIST}',
        '@app.get("/a", tags=["x"], response_model=list[UserPublic])',
    ),
]
NOT_FIXED = [
    f'@app.get("/a")\ndef a():\n{RAW}',
    f'@app.get("/a")\ndef a() -> dict[str, User]:\n{BODY}',
]


def _proof(text: str) -> Proof:
    tree = {"app/main.py": text.encode()}
    options = load_options(tree)
    before = review_trusted(tree, options, cache=NoCache())
    own = [finding for finding in before.findings if finding.rule == "BA311"]
    assert own
    return prove_fixes(tree, options, before, own, cache=NoCache())


@pytest.mark.parametrize(("handler", "line"), FIXED)
def test_the_public_schema_is_answered_with(handler: str, line: str) -> None:
    proof = _proof(HEAD + handler)
    assert proof.unproved == ()
    assert line in proof.tree["app/main.py"].decode().splitlines()


@pytest.mark.parametrize("handler", NOT_FIXED)
def test_an_answer_that_no_schema_narrows_has_no_fix(handler: str) -> None:
    assert _proof(HEAD + handler).applied == ()


def test_a_field_that_only_answers_have_is_taken_out() -> None:
    text = HEAD.replace("    name: str\n\n\n@app", "    name: str\n    hashed_password: str\n\n\n@app")
    proof = _proof(text)
    assert proof.tree["app/main.py"].decode() == HEAD


def test_a_field_that_a_validator_names_stays() -> None:
    text = HEAD.replace(
        "    name: str\n\n\n@app",
        '    name: str\n    hashed_password: str\n    kept = "hashed_password"\n\n\n@app',
    )
    assert _proof(text).applied == ()
