"""The fixes of the session and blocking rules cure their finding, bring no other, and work when run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session

from rules import NoCache, load_options, review_trusted
from rules.finding import Finding, Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review

APP = """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.orm import sessionmaker
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(bind=engine, class_=Session)


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


{provider}

@app.get("/notes")
{handler} read_notes(session: Annotated[Session, Depends(get_session)]) -> list[Note]:
    return list(session.exec(select(Note).limit(5)).all())
"""
PROVIDERS = [
    (
        "def get_session():\n    db = SessionLocal()\n    yield db\n    db.close()\n",
        "def get_session():\n    with SessionLocal() as db:\n        yield db\n",
        Safety.SAFE,
    ),
    (
        "def get_session():\n    session: Session = Session(engine)\n\n    # each\n    yield session\n",
        "def get_session():\n    with Session(engine) as session:\n\n        # each\n        yield session\n",
        Safety.SAFE,
    ),
    (
        "def get_session():\n    yield Session(engine)\n",
        "def get_session():\n    with Session(engine) as session:\n        yield session\n",
        Safety.SAFE,
    ),
    (
        "def get_session():\n    session = Session(engine)\n    return session\n",
        "def get_session():\n    with Session(engine) as session:\n        yield session\n",
        Safety.SUGGEST,
    ),
    (
        "def get_session():\n    return Session(engine)\n",
        "def get_session():\n    with Session(engine) as session:\n        yield session\n",
        Safety.SUGGEST,
    ),
]
UNFIXABLE = [
    "def get_session():\n    yield (made := Session(engine))\n    del made\n",
    'def get_session():\n    db = SessionLocal()\n    db.info[0] = """\nnot indented\n"""\n    yield db\n',
    "def get_session():\n    db = SessionLocal(); yield db\n",
]


def app(provider: str, handler: str = "def") -> Tree:
    return {"main.py": APP.format(provider=provider, handler=handler).encode()}


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


def finding(tree: Tree, code: str) -> Finding:
    (found,) = [f for f in review(tree).findings if f.rule == code]
    return found


def closes(text: str) -> bool:
    """Whether the dependency of the fixed application closes its session when the request fails."""
    names: dict[str, Any] = {}
    exec(compile(text, "main.py", "exec"), names)  # noqa: S102  the text is ours
    closed: list[bool] = []

    class Watched(Session):
        def close(self) -> None:
            closed.append(True)
            super().close()

    names["Session"], names["SessionLocal"] = Watched, lambda: Watched(names["engine"])
    given: Iterator[Session] = names["get_session"]()
    assert isinstance(next(given), Watched)
    with pytest.raises(ValueError, match="refused"):
        given.throw(ValueError("refused"))  # type: ignore[attr-defined]
    return closed == [True]


@pytest.mark.parametrize(("broken", "cured", "safety"), PROVIDERS)
def test_a_session_is_put_into_a_with(broken: str, cured: str, safety: Safety) -> None:
    tree = app(broken)
    found = finding(tree, "BA104")
    assert found.fix is not None
    assert found.fix.safety is safety
    fixed = prove(found.fix, tree, found, review)["main.py"].decode()
    assert fixed == APP.format(provider=cured, handler="def")
    assert closes(fixed.replace(", table=True", ""))


@pytest.mark.parametrize("provider", UNFIXABLE)
def test_no_fix_is_offered_where_it_would_change_more(provider: str) -> None:
    assert finding(app(provider), "BA104").fix is None


def test_a_coroutine_that_awaits_nothing_becomes_a_plain_handler() -> None:
    tree = app(PROVIDERS[0][1], "async def")
    found = finding(tree, "BA105")
    assert found.fix is not None
    assert found.fix.safety is Safety.SUGGEST
    fixed = prove(found.fix, tree, found, review)
    assert fixed == app(PROVIDERS[0][1])


def test_a_coroutine_that_awaits_stays_one() -> None:
    text = textwrap.dedent(
        """
        import asyncio
        import time

        from fastapi import FastAPI

        app = FastAPI()


        @app.get("/")
        async def read_root() -> None:
            await asyncio.sleep(0)
            time.sleep(1)
        """
    )
    assert finding({"main.py": text.encode()}, "BA105").fix is None
