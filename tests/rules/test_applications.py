from __future__ import annotations

import time

import pytest

from rules.configuration import Options
from rules.configuration.options import Application
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.test_routes import project_from

HEAD = """
from fastapi import APIRouter, FastAPI
router = APIRouter()
"""


def labels(project: Project) -> list[str]:
    return [application.label for application in project.applications]


def paths(project: Project) -> list[str]:
    return [route.path for route in project.routes]


def test_an_application_is_named_by_the_module_that_holds_it() -> None:
    factory = "from fastapi import FastAPI\n\ndef create() -> FastAPI:\n    return FastAPI()\n"
    main = "from factory import create\n\napp = create()\n"
    script = "from main import app\n"
    assert labels(project_from(factory=factory, main=main, a_script=script)) == ["main:app"]


def test_a_factory_that_nobody_calls_is_called() -> None:
    main = (
        HEAD + "def create_app() -> FastAPI:\n    app = FastAPI()\n    app.get('/x')(print)\n    return app\n"
    )
    project = project_from(main=main)
    assert labels(project) == ["main:create_app()"]
    assert paths(project) == ["/x"]


def test_a_factory_is_called_by_its_caller_with_its_arguments() -> None:
    build = (
        HEAD
        + "def build(router: APIRouter) -> FastAPI:\n    app = FastAPI()\n    app.include_router(router)\n"
        + "    return app\n"
    )
    main = (
        "from fastapi import APIRouter\nfrom build import build\n\nrouter = APIRouter()\n\n"
        "@router.get('/x')\ndef x(): ...\n\ndef get_app():\n    return build(router)\n"
    )
    project = project_from(build=build, main=main)
    assert labels(project) == ["main:get_app()"]
    assert paths(project) == ["/x"]


def test_applications_of_tests_and_examples_do_not_count() -> None:
    source = b"from fastapi import FastAPI\napp = FastAPI()\n"
    places = (
        "app/main.py",
        "tests/test_app.py",
        "examples/demo.py",
        "docs_src/tutorial.py",
        "app/conftest.py",
    )
    files = {path: SourceFile(path, source) for path in places}
    project = Project(files | {"app/__init__.py": SourceFile("app/__init__.py", b"")}, Options())
    assert labels(project) == ["app.main:app"]


def test_an_example_counts_where_there_is_nothing_else() -> None:
    path = "examples/demo.py"
    project = Project({path: SourceFile(path, b"from fastapi import FastAPI\napp = FastAPI()\n")}, Options())
    assert labels(project) == ["demo:app"]


def test_the_configuration_names_the_applications() -> None:
    source = (
        b"from fastapi import FastAPI\none = FastAPI()\ntwo = FastAPI()\n\n"
        b"def make():\n    return FastAPI()\n"
    )
    named = (
        Application(root="backend", app="app.main:two"),
        Application(root="backend", app="app.main:make()"),
    )
    files = {"backend/app/main.py": SourceFile("backend/app/main.py", source)}
    project = Project(files, Options(applications=named))
    assert sorted(labels(project)) == ["app.main:make()", "app.main:two"]
    assert project.questions() == ()


def test_a_configured_application_that_is_not_there_is_asked_for() -> None:
    files = {"main.py": SourceFile("main.py", b"from fastapi import FastAPI\napp = FastAPI()\n")}
    project = Project(files, Options(applications=(Application(app="main:other"),)))
    assert [question.kind for question in project.questions()] == ["application-not-found"]


LATE = (
    HEAD
    + """
@router.get('/early')
def early(): ...

app = FastAPI()
app.include_router(router)

@router.get('/late')
def late(): ...
"""
)


@pytest.mark.parametrize(
    ("pins", "expected"),
    [
        ("fastapi==0.115.6", ["/early"]),
        ("fastapi[standard]>=0.110,<0.120", ["/early"]),
        ("fastapi~=0.136.0", ["/early"]),
        ("fastapi==0.137.0", ["/early", "/late"]),
        ("fastapi>=0.100", ["/early", "/late"]),
        ("fastapi", ["/early", "/late"]),
    ],
)
def test_late_routes_count_by_the_pinned_version(pins: str, expected: list[str]) -> None:
    assert paths(project_from(main=LATE, pins=pins)) == expected


def test_a_lock_is_believed_before_a_range() -> None:
    files = {
        "main.py": LATE,
        "pyproject.toml": '[project]\ndependencies = ["fastapi>=0.100"]\n',
        "uv.lock": '[[package]]\nname = "fastapi"\nversion = "0.115.0"\n',
    }
    project = Project({path: SourceFile(path, text.encode()) for path, text in files.items()}, Options())
    assert paths(project) == ["/early"]


def test_a_router_nobody_knows_is_asked_for() -> None:
    main = HEAD + "from vendor import plugin\n\napp = FastAPI()\napp.include_router(plugin, prefix='/p')\n"
    project = project_from(main=main)
    assert [(q.kind, q.path, q.line) for q in project.questions()] == [("unresolved-include", "main.py", 7)]
    assert project.unknown_edges() == 1


@pytest.mark.parametrize(
    "wiring",
    [
        "router.include_router(router)",
        "other = APIRouter()\nrouter.include_router(other)\nother.include_router(router, prefix='/b')",
    ],
)
def test_a_router_that_includes_itself_is_asked_for(wiring: str) -> None:
    main = HEAD + "app = FastAPI()\n\n@router.get('/x')\ndef x(): ...\n\n" + wiring
    main += "\napp.include_router(router)\n"
    project = project_from(main=main)
    assert paths(project) == ["/x"]
    assert [question.kind for question in project.questions()] == ["circular-include"]


def test_an_application_that_mounts_itself_is_served_once() -> None:
    project = project_from(main=HEAD + "app = FastAPI()\napp.mount('/again', app)\napp.get('/x')(print)\n")
    assert paths(project) == ["/x"]


def test_inclusions_that_double_again_and_again_are_cut_off() -> None:
    main = (
        HEAD
        + "routers = [APIRouter() for _ in range(30)]\nrouters[29].get('/x')(print)\nfor i in range(29):\n"
        + "    routers[i].include_router(routers[i + 1], prefix='/a')\n"
        + "    routers[i].include_router(routers[i + 1], prefix='/b')\n"
        + "app = FastAPI()\napp.include_router(routers[0])\n"
    )
    started = time.process_time()
    project = project_from(main=main)
    assert len(project.routes) == 20_000
    assert [question.kind for question in project.questions()] == ["too-many-routes"]
    assert time.process_time() - started < 10


def test_thousands_of_routes_cost_a_few_seconds_at_most() -> None:
    routes = "".join(f"@app.get('/a{i}/{{x}}')\ndef f{i}(x: int): ...\n" for i in range(4000))
    started = time.process_time()
    project = project_from(main=HEAD + "app = FastAPI()\n" + routes)
    assert len(project.routes) == 4000
    assert time.process_time() - started < 10


def test_the_condition_of_an_inclusion_is_kept() -> None:
    main = HEAD + (
        "import os\n\nDEBUG = os.getenv('DEBUG', '') == '1'\nSECRET = os.getenv('SECRET', 'x')\n"
        "if not SECRET:\n    raise RuntimeError('no secret')\n\napp = FastAPI()\n\n"
        "@router.get('/x')\ndef x(): ...\n\nif DEBUG:\n    app.include_router(router)\n"
        "else:\n    app.include_router(router, prefix='/p')\n\napp.get('/y')(print)\n"
    )
    found = {route.path: route.condition_texts for route in project_from(main=main).routes}
    assert found == {"/x": ("DEBUG",), "/p/x": ("not (DEBUG)",), "/y": ()}


def test_a_route_keeps_the_prefix_that_its_router_had() -> None:
    main = HEAD + (
        "router.prefix = '/one'\nrouter.get('/x')(print)\nrouter.prefix = '/two'\nrouter.get('/y')(print)\n"
        "app = FastAPI()\napp.include_router(router)\n"
    )
    assert paths(project_from(main=main)) == ["/one/x", "/two/y"]


def test_an_application_made_in_one_of_two_ways_counts_once() -> None:
    main = HEAD + (
        "import os\nif os.getenv('DEBUG', '') == '1':\n    app = FastAPI()\nelse:\n"
        "    app = FastAPI(docs_url=None)\n\n"
        "@app.get('/x')\ndef x(): ...\n\n@router.get('/y')\ndef y(): ...\n\napp.include_router(router)\n"
    )
    project = project_from(main=main)
    assert labels(project) == ["main:app"]
    assert [(route.path, route.condition_texts) for route in project.routes] == [("/x", ()), ("/y", ())]
