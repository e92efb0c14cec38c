"""Which values are sessions, and the functions that an effect lies in."""

from __future__ import annotations

import pytest

from rules.project.project import Project
from tests.rules.isolation_projects import project

HEAD = """\
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlmodel import create_engine
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelAsyncSession

app = FastAPI()
engine = create_engine("sqlite://")
async_engine = create_async_engine("sqlite+aiosqlite://")
"""
ROUTE = """
@app.get("/")
def read(session=Depends(get_session)):
    return session.execute("select 1")
"""
GIVERS = [
    ("def get_session():\n    yield Session(engine)\n", "sync"),
    ("Maker = sessionmaker(engine)\ndef get_session():\n    yield Maker()\n", "sync"),
    ("Maker = scoped_session(sessionmaker(engine))\ndef get_session():\n    yield Maker()\n", "sync"),
    ("class Own(Session): ...\ndef get_session():\n    yield Own(engine)\n", "sync"),
    (
        "Maker = sessionmaker(engine)\ndef get_session():\n    with Maker.begin() as s:\n        yield s\n",
        "sync",
    ),
    ("async def get_session():\n    yield AsyncSession(async_engine)\n", "async"),
    ("async def get_session():\n    yield SQLModelAsyncSession(async_engine)\n", "async"),
    ("Maker = async_sessionmaker(async_engine)\nasync def get_session():\n    yield Maker()\n", "async"),
    (
        "M = sessionmaker(async_engine, class_=AsyncSession)\nasync def get_session():\n    yield M()\n",
        "async",
    ),
    (
        "Maker = sessionmaker[AsyncSession](async_engine)\nasync def get_session():\n    yield Maker()\n",
        "async",
    ),
    ("def get_session():\n    yield {}\n", None),
    ("from requests import Session as Other\ndef get_session():\n    yield Other()\n", None),
]


def loaded(text: str) -> Project:
    return project({"main.py": text})


@pytest.mark.parametrize(("giver", "mode"), GIVERS)
def test_a_session_is_known_by_what_makes_it(giver: str, mode: str | None) -> None:
    (request,) = loaded(HEAD + giver + ROUTE).request_sessions
    modes = [use.call.session.mode.value for use in request.uses if use.call.method == "execute"]
    assert modes == ([] if mode is None else [mode])


def test_an_annotation_tells_a_session_that_is_made_elsewhere() -> None:
    text = HEAD + "from lib import make\n@app.get('/')\ndef read(session: Session = Depends(make)): ...\n"
    (request,) = loaded(text).request_sessions
    assert request.uses == ()
    assert request.made == ()


def test_frames_lead_from_the_handler_inwards() -> None:
    text = (
        HEAD
        + "def inner(session):\n    def innermost():\n        session.commit()\n    innermost()\n"
        + "def get_session():\n    yield Session(engine)\n"
        + "@app.get('/')\nasync def read(session=Depends(get_session)):\n    inner(session)\n"
    )
    found = loaded(text)
    (request,) = found.request_sessions
    (use,) = [use for use in request.uses if use.call.method == "commit"]
    chain = found.frames.of(use.effect)
    assert [frame.function.name for frame in chain] == ["read", "inner", "innermost"]
    assert [frame.site.node.line for frame in chain] == [18, 13, 12]
    assert [frame.function.is_async for frame in chain] == [True, False, False]
    assert not any(found.frames.is_generator(frame) for frame in chain)
