"""An application with holes, run before and after all fixes are applied: what one user can do to another."""

from __future__ import annotations

import types
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec
import pytest
from sqlmodel import SQLModel

from rules import NoCache, Proof, load_options, prove_fixes, review_trusted
from tests.rules.isolation_projects import ask

APPLICATION = """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.pool import StaticPool
from sqlmodel import Field, Session, SQLModel, create_engine, func, select

app = FastAPI()
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
scheme = OAuth2PasswordBearer(tokenUrl="login")


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    hashed_password: str


class UserPublic(SQLModel):
    id: int
    name: str


class NoteIn(SQLModel):
    text: str
    owner_id: int


class Note(NoteIn, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep, token: Annotated[str, Depends(scheme)]) -> User:
    user = session.exec(select(User).where(User.name == token)).first()
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.get("/me", response_model=UserPublic)
def me(user: CurrentUser) -> User:
    return user


@app.get("/account", response_model=User)
def account(user: CurrentUser) -> User:
    return user


@app.get("/notes")
def read_notes(session: SessionDep, user: CurrentUser) -> list[Note]:
    return list(session.exec(select(Note).order_by(Note.id).limit(50)).all())


@app.get("/notes/count")
def count_notes(session: SessionDep, user: CurrentUser) -> int:
    return session.exec(select(func.count()).select_from(Note)).one()


@app.get("/notes/by")
def read_notes_by(session: SessionDep, user: CurrentUser, user_id: int) -> list[Note]:
    return list(session.exec(select(Note).where(Note.owner_id == user_id).limit(50)).all())


@app.get("/notes/{note_id}")
def read_note(note_id: int, session: SessionDep, user: CurrentUser) -> Note:
    note = session.get(Note, note_id)
    if not note:
        raise HTTPException(status_code=404)
    return note


@app.post("/notes")
def create_note(body: NoteIn, session: SessionDep, user: CurrentUser) -> int:
    note = Note(**body.model_dump())
    session.add(note)
    session.commit()
    session.refresh(note)
    return note.owner_id


@app.delete("/notes/{note_id}")
def delete_note(note_id: int, session: SessionDep) -> None:
    note = session.get(Note, note_id)
    if note is None:
        raise HTTPException(status_code=404)
    session.delete(note)
    session.commit()
"""
CODES = ("BA301", "BA305", "BA306", "BA307", "BA308", "BA311")
ANNA, BEN = {"Authorization": "Bearer anna"}, {"Authorization": "Bearer ben"}


@pytest.fixture(scope="module")
def proof() -> Proof:
    tree = {"main.py": APPLICATION.encode()}
    options = msgspec.structs.replace(load_options(tree), select=CODES)
    before = review_trusted(tree, options, cache=NoCache())
    assert sorted(f.rule for f in before.findings) == sorted([*CODES, "BA306"])
    return prove_fixes(tree, options, before, before.findings, cache=NoCache())


@contextmanager
def _running(name: str, text: str) -> Iterator[types.ModuleType]:
    """The application with two users, each with a note."""
    SQLModel.metadata.clear()
    module = types.ModuleType(name)
    try:
        exec(compile(text, "main.py", "exec"), module.__dict__)  # noqa: S102  it is ours
        SQLModel.metadata.create_all(module.engine)
        with module.Session(module.engine) as session:
            for key, user in ((1, "anna"), (2, "ben")):
                session.add(module.User(id=key, name=user, hashed_password="x"))
                session.add(module.Note(id=key, text=f"of {user}", owner_id=key))
            session.commit()
        yield module
    finally:
        SQLModel.metadata.clear()


def _as_ben(app: object) -> dict[str, httpx.Response]:
    return {
        "list": ask(app, "GET", "/notes", headers=BEN),
        "count": ask(app, "GET", "/notes/count", headers=BEN),
        "by": ask(app, "GET", "/notes/by?user_id=1", headers=BEN),
        "read": ask(app, "GET", "/notes/1", headers=BEN),
        "create": ask(app, "POST", "/notes", json={"text": "x", "owner_id": 1}, headers=BEN),
        "account": ask(app, "GET", "/account", headers=BEN),
        "delete": ask(app, "DELETE", "/notes/1", headers=BEN),
        "anonymous": ask(app, "DELETE", "/notes/2"),
    }


def test_before_one_user_reaches_the_notes_of_the_other() -> None:
    with _running("main_before", APPLICATION) as module:
        answers = _as_ben(module.app)
    assert [note["id"] for note in answers["list"].json()] == [1, 2]
    assert (answers["count"].json(), answers["create"].json()) == (2, 1)
    assert "of anna" in answers["by"].text + answers["read"].text
    assert "hashed_password" in answers["account"].json()
    assert (answers["delete"].status_code, answers["anonymous"].status_code) == (200, 200)


def test_every_finding_is_fixed_at_once(proof: Proof) -> None:
    assert proof.unproved == ()
    assert len(proof.applied) == 7
    assert proof.review.findings == ()


def test_afterwards_each_has_their_own(proof: Proof) -> None:
    with _running("main_after", proof.tree["main.py"].decode()) as module:
        answers = _as_ben(module.app)
        assert ask(module.app, "GET", "/notes/1", headers=ANNA).json()["text"] == "of anna"
        assert ask(module.app, "DELETE", "/notes/1", headers=ANNA).status_code == 200
    assert [note["id"] for note in answers["list"].json()] == [2]
    assert (answers["count"].json(), answers["create"].json()) == (1, 2)
    assert "of anna" not in answers["by"].text
    assert answers["account"].json() == {"id": 2, "name": "ben"}
    assert [answers[name].status_code for name in ("read", "delete", "anonymous")] == [404, 404, 401]
