"""What one user can do to another's rows in a running application, against what the rules say."""

from __future__ import annotations

import re
import types

import pytest
from sqlalchemy import text as sql

from rules.catalog.security import unscoped_list_query, unscoped_object_access
from rules.configuration.options import Auth, AuthMode, Options
from tests.rules.isolation_projects import ask, isolation, project, running, sample

_BOB = {"Authorization": "Bearer bob"}
_TABLES = {"isolation_inline": ("note", "project", "task"), "isolation_layers": ("orders",)}


def _routes(module: types.ModuleType) -> list[tuple[str, str]]:
    paths = module.app.openapi()["paths"]
    return [(method.upper(), path) for path, found in paths.items() for method in found]


def _rows_of_ada(module: types.ModuleType, tables: tuple[str, ...]) -> list[str]:
    with module.engine.connect() as connection:
        found = [connection.execute(sql(f"select text from {table} where id = 1")).all() for table in tables]  # noqa: S608
    return [str(rows) for rows in found]


def _leaks(name: str) -> set[str]:
    """The routes by which bob reads or changes what belongs to ada."""
    with running(name) as module:
        leaks = set()
        for method, path in _routes(module):
            module.seed()
            before = _rows_of_ada(module, _TABLES[name])
            answer = ask(module.app, method, re.sub(r"{\w+}", "1", path), params={"text": "x"}, headers=_BOB)
            shown = answer.status_code < 400 and "of ada" in answer.text
            if shown or _rows_of_ada(module, _TABLES[name]) != before:
                leaks.add(f"{method} {path}")
        module.engine.dispose()
    return leaks


@pytest.mark.parametrize("name", ["isolation_inline", "isolation_layers"])
def test_findings_are_exactly_the_routes_that_leak_at_run_time(name: str) -> None:
    found = sample(name)
    hits = [*unscoped_object_access.check(found), *unscoped_list_query.check(found)]

    assert {" ".join(hit.subject.split()[:2]) for hit in hits} == _leaks(name)
    assert {hit.confidence.value for hit in hits} == {"high"}


def test_authentication_is_what_an_anonymous_client_meets() -> None:
    with running("isolation_authentication") as module:
        refused = {
            path: ask(module.app, "GET", path, params={"user_id": 1}).status_code in {401, 403}
            for _, path in _routes(module)
        }
    judged = sample("isolation_authentication").isolation
    levels = {i.route.path: i.authentication.level.value for i in judged.inspections()}

    assert {path: level == "required" for path, level in levels.items()} == refused
    assert levels["/a/optional"] == "optional"
    assert levels["/a/language"] == "none"


_HEAD = """
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="x")


def user(token=Depends(scheme)):
    return lookup(token)


def admin(user=Depends(user)):
    if not user.is_admin:
        raise HTTPException(403)
    return user


@app.get("/x")
def x(who=Depends({dependency})):
    {test}
    return 1
"""


@pytest.mark.parametrize(
    ("dependency", "test", "privileged"),
    [
        ("admin", "", True),
        ("user", "", False),
        ("user", "if who.role != 'admin': raise HTTPException(403)", True),
        ("user", "if who.role not in ('admin', 'auditor'): raise HTTPException(403)", True),
        ("user", "if not who.has_permission('x'): raise HTTPException(403)", True),
        ("user", "if who.is_active is False: raise HTTPException(403)", False),
        ("user", "if who.role not in ('admin', 'user'): raise HTTPException(403)", False),
        ("user", "if who.is_admin: return 2", False),
    ],
)
def test_privilege_is_a_refusal_of_ordinary_users(dependency: str, test: str, *, privileged: bool) -> None:
    text = _HEAD.replace("{dependency}", dependency).replace("{test}", test)
    [inspection] = isolation(text).inspections()

    assert inspection.authentication.privileged is privileged


def test_configuration_names_authenticating_and_admin_dependencies() -> None:
    text = "from fastapi import Depends, FastAPI\napp = FastAPI()\ndef guard(): return 1\n"
    text += "@app.get('/x')\ndef x(who=Depends(guard)): return who\n"

    levels = [
        isolation(text, Options(auth=auth)).inspections()[0].authentication
        for auth in (Auth(), Auth(authenticating=("main.guard",)), Auth(admin=("main.guard",)))
    ]

    assert [(found.level.value, found.privileged) for found in levels] == [
        ("none", False),
        ("required", False),
        ("required", True),
    ]


def test_a_gateway_authenticates_every_route() -> None:
    text = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): return 1\n"
    found = isolation(text, Options(auth=Auth(mode=AuthMode.GATEWAY))).inspections()

    assert [i.authentication.level.value for i in found] == ["required"]


def test_middleware_protects_all_but_the_paths_it_lets_through() -> None:
    text = """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
app = FastAPI()
OPEN = {"/open"}
@app.middleware("http")
async def guard(request: Request, call_next):
    if request.url.path in OPEN or request.url.path.startswith("/docs"):
        return await call_next(request)
    if request.headers.get("Authorization") is None:
        return JSONResponse({}, status_code=401)
    return await call_next(request)
@app.get("/open")
def a(): return 1
@app.get("/closed")
def b(): return 1
"""
    found = {i.route.path: i.authentication.level.value for i in isolation(text).inspections()}

    assert found == {"/open": "none", "/closed": "required"}


_CHAIN = {
    "main.py": """
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel
from notes import find
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="x")
def session():
    with Session(engine) as s:
        yield s
@app.get("/notes/{note_id}")
def read(note_id: int, s: Session = Depends(session), token: str = Depends(scheme)):
    return find(s, note_id)
""",
    "models.py": """
from sqlmodel import Field, SQLModel
class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
class Note(SQLModel, table=True):
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
""",
    "notes.py": "from models import Note\ndef find(s, key):\n    return s.get(Note, key)\n",
}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("main.py", "return find(s, note_id)", "return 1"),
        ("notes.py", "return s.get(Note, key)", "s.get(Note, key)"),
        ("notes.py", "s.get(Note, key)", "s.get(Note, 1)"),
        ("models.py", 'foreign_key="user.id"', ""),
        ("main.py", "token: str = Depends(scheme)", ""),
    ],
)
def test_without_one_hop_there_is_no_proof(path: str, old: str, new: str) -> None:
    whole = list(unscoped_object_access.check(project(_CHAIN)))
    assert old in _CHAIN[path]
    broken = _CHAIN | {path: _CHAIN[path].replace(old, new)}
    left = list(unscoped_object_access.check(project(broken)))

    assert [hit.confidence.value for hit in whole] == ["high"]
    assert [(step.path, step.line) for step in whole[0].trail[-3:]] == [
        ("main.py", 13),
        ("notes.py", 3),
        ("main.py", 13),
    ]
    assert all(hit.confidence.value != "high" for hit in left)
