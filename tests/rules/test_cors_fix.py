"""CORS is moved behind what answers, in the same suite, and the finding is gone."""

from __future__ import annotations

from rules import NoCache, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review

HEAD = """from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

"""
CORS = """app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://shop.example"],
)
"""
HOSTS = 'app.add_middleware(TrustedHostMiddleware, allowed_hosts=["shop.example"])\n'


def review(tree: Tree) -> Review:
    return review_trusted(tree, load_options(tree), cache=NoCache())


def test_the_call_moves_down_whole() -> None:
    tree = {"main.py": f"{HEAD}app = FastAPI()\n{CORS}{HOSTS}".encode()}
    (found,) = [f for f in review(tree).findings if f.rule == "BA108"]
    assert found.fix is not None
    assert found.fix.safety is Safety.SAFE
    fixed = prove(found.fix, tree, found, review)
    assert fixed["main.py"].decode() == f"{HEAD}app = FastAPI()\n{HOSTS}{CORS}"


def test_in_a_function_that_makes_the_application() -> None:
    def made(*statements: str) -> bytes:
        body = "".join(f"    {line}\n" for s in statements for line in s.rstrip("\n").split("\n"))
        return (
            f"{HEAD}def create():\n    app = FastAPI()\n{body}    return app\n\n\napp = create()\n".encode()
        )

    tree = {"main.py": made(CORS, HOSTS)}
    (found,) = [f for f in review(tree).findings if f.rule == "BA108"]
    assert found.fix is not None
    assert prove(found.fix, tree, found, review)["main.py"] == made(HOSTS, CORS)


def test_the_list_of_the_constructor_is_left_to_a_person() -> None:
    listed = "[Middleware(CORSMiddleware, allow_origins=['https://shop.example'])]"
    text = f"{HEAD}from starlette.middleware import Middleware\n\napp = FastAPI(middleware={listed})\n{HOSTS}"
    (found,) = [f for f in review({"main.py": text.encode()}).findings if f.rule == "BA108"]
    assert found.fix is None
