"""Applications and files that the configuration names are those that the model knows and the rules judge."""

from __future__ import annotations

from collections.abc import Mapping

from rules.configuration import Options
from rules.configuration.options import Application
from tests.rules.test_configured_model import SHOP, found, project

# --- applications ---

PLAIN = """
from fastapi import FastAPI
from parts import router

app = FastAPI()
app.include_router(router)
"""
PARTS = """
from fastapi import APIRouter
from sqlmodel import Field, SQLModel

router = APIRouter()


class {table}(SQLModel, table=True):
    id: int = Field(primary_key=True)


@router.get("/{path}")
def read(): ...
"""
SERVICES = {
    "one/main.py": PLAIN,
    "one/parts.py": PARTS.replace("{path}", "one").replace("{table}", "One"),
    "examples/two/main.py": PLAIN,
    "examples/two/parts.py": PARTS.replace("{path}", "two").replace("{table}", "Two"),
}


def paths(options: Options, files: Mapping[str, str] = SERVICES) -> list[tuple[str, str]]:
    return [(route.app, route.path) for route in project(files, options).routes]


def tables(options: Options) -> set[str]:
    return {table.name for table in project(SERVICES, options).tables}


def test_a_configured_application_counts_where_a_search_would_pass_it_by() -> None:
    assert paths(Options()) == [("main:app", "/one")]
    two = Options(applications=(Application(root="examples/two", app="main:app"),))
    assert paths(two) == [("main:app", "/two")]
    assert "two" in tables(two)


def test_configured_applications_of_the_same_name_are_told_apart_by_their_roots() -> None:
    both = (Application(root="one", app="main:app"), Application(root="./examples/two/", app="main:app"))
    assert sorted(paths(Options(applications=both))) == [
        ("examples/two/main:app", "/two"),
        ("one/main:app", "/one"),
    ]


def test_a_configured_root_finds_modules_that_no_search_would() -> None:
    files = {
        "deploy/run.py": "from shop.main import app\n",
        "source code/shop/main.py": "from fastapi import FastAPI\nfrom shop.parts import router\n"
        "app = FastAPI()\napp.include_router(router)\n",
        "source code/shop/parts.py": PARTS.replace("{path}", "three").replace("{table}", "Three"),
    }
    named = Options(applications=(Application(root="source code", app="shop.main:app"),))
    assert paths(named, files) == [("shop.main:app", "/three")]


# --- include, exclude ---

BESIDE = {
    "shop/main.py": SHOP,
    "legacy/main.py": SHOP,
    "samples/app/main.py": SHOP,
    "examples/app/main.py": SHOP,
}


def judged_files(options: Options) -> set[str]:
    return {path for path, _ in found(options, "BA301", BESIDE)}


def modelled_files(options: Options) -> set[str]:
    return {route.origin.module.path for route in project(BESIDE, options).routes}


def test_what_is_excluded_is_read_for_facts_and_not_judged() -> None:
    assert judged_files(Options()) == {"shop/main.py", "legacy/main.py"}
    excluded = Options(exclude=("legacy/",))
    assert judged_files(excluded) == {"shop/main.py"}
    assert modelled_files(excluded) == {"shop/main.py", "legacy/main.py"}


def test_only_what_is_included_is_judged() -> None:
    assert judged_files(Options(include=("legacy/",))) == {"legacy/main.py"}
    assert modelled_files(Options(include=("legacy/",))) == {"shop/main.py", "legacy/main.py"}


def test_an_example_that_is_to_be_judged_is_an_application() -> None:
    judged = Options(exclude=("!examples/",))
    assert modelled_files(judged) == {"shop/main.py", "legacy/main.py", "examples/app/main.py"}
    assert judged_files(judged) == {"shop/main.py", "legacy/main.py", "examples/app/main.py"}
