"""Several backends in one repository: each with its own import root, and what is no application's code."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rules.configuration import Options
from rules.project.project import Project
from rules.project.routing.routes import Route
from rules.source import SourceFile
from tests.rules.application_truth import application_truth
from tests.rules.metadata_truth import metadata_truth

APPS = Path(__file__).parent.parent / "apps"
BACKENDS = {
    "backends_monorepo": {
        "orders/app/main.py": ("orders", "app.main:app"),
        "billing/app/main.py": ("billing", "app.main:app"),
    },
    "backends_flat": {
        "catalogue/main.py": ("catalogue", "main:app"),
        "search-api/main.py": ("search-api", "main:app"),
    },
    "backends_packages": {
        "services/shop-api/web/main.py": ("services/shop-api", "web.main:app"),
        "services/stock-api/web/main.py": ("services/stock-api", "web.main:app"),
    },
    "backends_beside_examples": {"backend/app/main.py": ("backend", "app.main:app")},
}
TABLES = {
    "backends_monorepo": (("orders", "app.models"), ("billing", "app.models")),
    "backends_packages": (("services/shop-api", "web.tables"),),
    "backends_beside_examples": (("backend", "app.models"),),
}
FACTS = ("methods", "path", "name", "handler", "line", "status_code", "response_model")


def project_of(folder: Path) -> Project:
    """The project that a folder holds, read from its top."""
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.py"))}
    return Project({name: SourceFile(name, path.read_bytes()) for name, path in paths.items()}, Options())


def project_from(files: Mapping[str, str]) -> Project:
    """A project of a few files by path."""
    return Project({path: SourceFile(path, text.encode()) for path, text in files.items()}, Options())


def facts(route: Route) -> dict[str, Any]:
    dependencies = sorted(d.name for d in route.dependant.flat())
    return {
        "methods": sorted(route.methods),
        "path": route.path,
        "name": route.name,
        "handler": route.qualified,
        "line": route.definition_place.line,
        "status_code": route.status_code,
        "response_model": route.response_model,
        "dependencies": dependencies,
    }


def true_facts(route: dict[str, Any]) -> dict[str, Any]:
    dependencies = sorted(name for name, _ in route["dependencies"])
    return {name: route[name] for name in FACTS} | {"dependencies": dependencies}


def by_file(project: Project) -> dict[str, list[dict[str, Any]]]:
    """The facts of the routes by the file that makes their application."""
    found: dict[str, list[dict[str, Any]]] = {}
    for route in project.routes:
        found.setdefault(route.application.origin.module.path, []).append(facts(route))
    return found


@pytest.fixture(autouse=True)
def _shared_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library of the monorepo is installed, for the applications that run."""
    monkeypatch.setenv("PYTHONPATH", str(APPS / "backends_monorepo" / "libs" / "kit" / "src"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.mark.parametrize("sample", BACKENDS)
def test_each_backend_is_what_it_says_from_its_own_import_root(sample: str) -> None:
    expected = {
        file: [true_facts(r) for r in application_truth(APPS / sample / root, target)["routes"]]
        for file, (root, target) in BACKENDS[sample].items()
    }
    project = project_of(APPS / sample)
    assert by_file(project) == expected
    assert all(route.resolved for route in project.routes)
    assert project.questions() == ()


@pytest.mark.parametrize("sample", TABLES)
def test_the_tables_are_those_of_all_backends(sample: str) -> None:
    expected: dict[str, dict[str, str]] = {}
    for root, module in TABLES[sample]:
        for name, columns in metadata_truth(APPS / sample / root, module).items():
            expected[name] = {column: facts["type"] for column, facts in columns.items()}
    found = {
        table.key: {name: str(column.type) for name, column in table.columns.items()}
        for table in project_of(APPS / sample).tables
    }
    assert found == expected


def labels(project: Project) -> list[str]:
    return sorted({route.app for route in project.routes})


def test_backends_that_are_imported_by_the_same_name_have_labels_that_differ() -> None:
    assert labels(project_of(APPS / "backends_monorepo")) == ["billing/app.main:app", "orders/app.main:app"]
    assert labels(project_of(APPS / "backends_flat")) == ["catalogue/main:app", "search-api/main:app"]


def test_a_label_that_is_unique_is_what_the_server_is_started_with() -> None:
    assert labels(project_of(APPS / "backends_beside_examples")) == ["app.main:app"]


def test_a_copied_backend_is_an_application_of_its_own(tmp_path: Path) -> None:
    for name in ("backend", "backend_v2"):
        shutil.copytree(APPS / "backends_monorepo" / "orders", tmp_path / name)
    shutil.copytree(APPS / "backends_monorepo" / "libs", tmp_path / "libs")
    truth = [true_facts(r) for r in application_truth(tmp_path / "backend", "app.main:app")["routes"]]
    project = project_of(tmp_path)
    assert by_file(project) == {"backend/app/main.py": truth, "backend_v2/app/main.py": truth}
    assert {route.definition_place.path for route in project.routes} == {
        "backend/app/routers/orders.py",
        "backend_v2/app/routers/orders.py",
    }
    assert sorted({table.place.path for table in project.tables}) == [
        "backend/app/models.py",
        "backend_v2/app/models.py",
    ]


def test_a_copy_sees_its_own_dependencies(tmp_path: Path) -> None:
    for name in ("old", "new"):
        shutil.copytree(APPS / "backends_monorepo" / "billing", tmp_path / name)
    shutil.copytree(APPS / "backends_monorepo" / "libs", tmp_path / "libs")
    changed = tmp_path / "new" / "app" / "deps.py"
    changed.write_text("from fastapi.security import HTTPBasic\n\nbearer = HTTPBasic()\n")
    truth = {name: application_truth(tmp_path / name, "app.main:app")["routes"] for name in ("old", "new")}
    assert by_file(project_of(tmp_path)) == {
        f"{name}/app/main.py": [true_facts(r) for r in routes] for name, routes in truth.items()
    }


APPLICATION = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/{name}')\ndef read(): ...\n"
TABLE = """from sqlmodel import Field, SQLModel


class {name}(SQLModel, table=True):
    id: int = Field(primary_key=True)
"""


@pytest.mark.parametrize(
    "folder", ["examples/a", "docs_src", "docs/src", "samples", "{{cookiecutter.slug}}", "backend/tests"]
)
def test_what_is_no_application_s_code_does_not_count_beside_one(folder: str) -> None:
    project = project_from(
        {
            "backend/main.py": APPLICATION,
            "backend/models.py": TABLE.format(name="Real"),
            f"{folder}/main.py": APPLICATION,
            f"{folder}/models.py": TABLE.format(name="Other"),
        }
    )
    assert {route.definition_place.path for route in project.routes} == {"backend/main.py"}
    assert {table.place.path for table in project.tables} == {"backend/models.py"}


@pytest.mark.parametrize("folder", ["examples/a", "docs_src/tutorial", "samples/shop"])
def test_examples_count_where_there_is_nothing_else(folder: str) -> None:
    files = {
        "library/__init__.py": "def add(a, b):\n    return a + b\n",
        "tests/test_all.py": APPLICATION,
        "tests/models.py": TABLE.format(name="Probe"),
        f"{folder}/main.py": "import models\n" + APPLICATION,
        f"{folder}/models.py": TABLE.format(name="Shown"),
    }
    project = project_from(files)
    assert {route.definition_place.path for route in project.routes} == {f"{folder}/main.py"}
    assert {table.place.path for table in project.tables} == {f"{folder}/models.py"}


def test_a_folder_without_init_does_not_stand_before_an_installed_library() -> None:
    files = {
        "services/fastapi/notes.py": "x = 1\n",
        "services/shop/web/__init__.py": "",
        "services/shop/web/main.py": APPLICATION,
        "services/alembic/env.py": "from alembic import context\n",
    }
    assert [route.qualified for route in project_from(files).routes] == ["web.main.read"]


def test_a_folder_that_is_no_name_is_no_package() -> None:
    project = project_from(
        {
            "my-service/__init__.py": "",
            "my-service/web/__init__.py": "",
            "my-service/web/main.py": "from web.parts import router\n"
            + APPLICATION
            + "app.include_router(router)\n",
            "my-service/web/parts.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n"
            "\n\n@router.get('/part')\ndef part(): ...\n",
        }
    )
    assert [route.qualified for route in project.routes] == ["web.main.read", "web.parts.part"]
