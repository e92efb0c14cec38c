"""The fixes of the rules on secrets, origins, cookies and connections cure and bring nothing new."""

from __future__ import annotations

import pytest

from rules import NoCache, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review

SETTINGS = """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "shop"


settings = Settings()
"""
HEAD = """import os

import httpx
import jwt
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.sessions import SessionMiddleware

from app.settings import settings

"""
TOKEN = """
@app.post("/token")
def token(user: int) -> str:
    return jwt.encode({"sub": str(user), "iat": 0, "exp": 1}, KEY, algorithm="HS256")
"""
COOKIE = """app = FastAPI()


@app.get("/")
def home(response: Response, value: str) -> None:
    response.set_cookie("session", value, secure=False)
"""
FIXES = [
    (
        "BA317",
        'KEY = "c0ffee-5511-aa97-c0ffee-5511-aa97-77"\napp = FastAPI()\n' + TOKEN,
        ("app/main.py", "KEY = settings.key\n"),
        ("app/settings.py", '    name: str = "shop"\n    key: str\n'),
    ),
    (
        "BA317",
        'KEY = os.getenv("KEY", "c0ffee-5511-aa97-c0ffee-5511-aa97-77")\napp = FastAPI()\n' + TOKEN,
        ("app/main.py", 'KEY = os.environ["KEY"]\n'),
        ("app/settings.py", SETTINGS),
    ),
    (
        "BA319",
        'app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n',
        ("app/main.py", "allow_origins=settings.allowed_origins, allow_credentials=True)"),
        ("app/settings.py", "    allowed_origins: list[str] = []\n"),
    ),
    (
        "BA319",
        'app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=["http://www.shop.com"])\n',
        ("app/main.py", 'allow_origins=["https://www.shop.com"]'),
        ("app/settings.py", SETTINGS),
    ),
    (
        "BA325",
        COOKIE,
        ("app/main.py", 'set_cookie("session", value, secure=True, httponly=True)'),
        ("app/settings.py", SETTINGS),
    ),
    (
        "BA325",
        "app = FastAPI()\nclient = httpx.Client(\n    timeout=5,\n    verify=False,\n)\n",
        ("app/main.py", "client = httpx.Client(\n    timeout=5,\n)\n"),
        ("app/settings.py", SETTINGS),
    ),
    (
        "BA325",
        'app = FastAPI()\napp.add_middleware(SessionMiddleware, secret_key=os.environ["KEY"])\n',
        ("app/main.py", 'secret_key=os.environ["KEY"], https_only=True)'),
        ("app/settings.py", SETTINGS),
    ),
]
DEFAULT = """import jwt
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    key: str = "c0ffee-5511-aa97-c0ffee-5511-aa97-77"
    name: str = "shop"


settings = Settings()
KEY = settings.key
app = FastAPI()
"""


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


@pytest.mark.parametrize(("rule", "body", "here", "there"), FIXES)
def test_a_fix_cures(rule: str, body: str, here: tuple[str, str], there: tuple[str, str]) -> None:
    tree: Tree = {"app/main.py": (HEAD + body).encode(), "app/settings.py": SETTINGS.encode()}
    finding = next(f for f in review(tree).findings if f.rule == rule)
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SUGGEST
    fixed = prove(finding.fix, tree, finding, review)
    for path, text in (here, there):
        assert text in fixed[path].decode()


def test_a_default_is_left_out() -> None:
    tree: Tree = {"main.py": (DEFAULT + TOKEN).encode()}
    finding = next(f for f in review(tree).findings if f.rule == "BA317")
    assert finding.fix is not None
    assert "    key: str\n    name" in prove(finding.fix, tree, finding, review)["main.py"].decode()


def test_a_secret_is_not_repeated_in_what_is_posted() -> None:
    tree: Tree = {"main.py": (DEFAULT + TOKEN).encode()}
    finding = next(f for f in review(tree).findings if f.rule == "BA317")
    said = finding.message + finding.fingerprint + "".join(step.note for step in finding.trail)
    assert "c0ffee" not in said
