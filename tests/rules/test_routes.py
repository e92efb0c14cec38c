"""Sample applications of each idiom, imported and started, against the routes read from their source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rules.configuration import Options
from rules.project.project import Project
from rules.project.routing.routes import Route
from rules.source import SourceFile
from tests.rules.application_truth import Truth, application_truth

APPS = Path(__file__).parent.parent / "apps"
SAMPLES = {
    "routes_registering": "shop.main:app",
    "routes_inclusion": "shop.main:app",
    "routes_factory": "shop.factory:create_app()",
    "routes_mounts": "shop.main:app",
    "routes_dependencies": "shop.main:app",
}
FACTS = (
    "methods",
    "path",
    "name",
    "handler",
    "line",
    "status_code",
    "response_model",
    "include_in_schema",
    "tags",
)


def project_of(folder: Path) -> Project:
    """The project that a folder holds."""
    paths = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return Project({name: SourceFile(name, path.read_bytes()) for name, path in paths.items()}, Options())


def project_from(**texts: str) -> Project:
    """A project of a few files: `main="…"` is `main.py`, `pins="…"` is `requirements.txt`."""
    files = {"requirements.txt" if name == "pins" else f"{name}.py": text for name, text in texts.items()}
    return Project({path: SourceFile(path, text.encode()) for path, text in files.items()}, Options())


@pytest.fixture(scope="module", params=list(SAMPLES))
def sample(request: pytest.FixtureRequest) -> tuple[Project, Truth]:
    folder = APPS / request.param
    return project_of(folder), application_truth(folder, SAMPLES[request.param])


def facts(route: Route) -> dict[str, Any]:
    return {
        "methods": sorted(route.methods),
        "path": route.path,
        "name": route.name,
        "handler": route.qualified,
        "line": route.definition_place.line,
        "status_code": route.status_code,
        "response_model": route.response_model,
        "include_in_schema": route.include_in_schema,
        "tags": list(route.tags),
    }


def test_routes_are_what_the_running_application_says(sample: tuple[Project, Truth]) -> None:
    project, truth = sample
    assert [facts(route) for route in project.routes] == [
        {name: route[name] for name in FACTS} for route in truth["routes"]
    ]
    assert project.questions() == ()


def test_dependencies_are_what_the_flattened_dependants_say(sample: tuple[Project, Truth]) -> None:
    project, truth = sample
    found = {r.title: [[d.name, d.parameter] for d in r.dependant.flat()] for r in project.routes}
    expected = [route["dependencies"] for route in truth["routes"]]
    assert dict(zip(found, expected, strict=False)) == found
    assert len(project.routes) == len(expected)


def test_parameters_come_from_where_fastapi_takes_them(sample: tuple[Project, Truth]) -> None:
    project, truth = sample
    found = []
    for route in project.routes:
        kinds: dict[str, list[str]] = {}
        for parameter in route.dependant.all_parameters():
            kinds.setdefault(parameter.location, []).append(parameter.alias)
        found.append((route.title, {kind: sorted(names) for kind, names in kinds.items()}))
    titles = [route.title for route in project.routes]
    assert found == list(zip(titles, [route["parameters"] for route in truth["routes"]], strict=True))


def test_middleware_is_in_the_order_of_the_running_application(sample: tuple[Project, Truth]) -> None:
    project, truth = sample
    outermost = next(a for a in project.applications if not a.is_mounted)
    assert [m.name for m in outermost.middleware] == truth["middleware"]
