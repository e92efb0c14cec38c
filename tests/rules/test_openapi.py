"""Sample applications of each idiom, imported and asked for `app.openapi()`, against the extracted document.

They are equal but for descriptions (docstrings are not read) and what `DIFFERENCES` names.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.project.openapi.document import document
from rules.project.project import Project
from tests.rules.openapi_truth import Document, differences, openapi_truths, without_descriptions
from tests.rules.test_routes import project_of

APPS = Path(__file__).parent.parent / "apps"
SAMPLES = {
    "../../bot/demo/sample/base": "app.main:app",
    "openapi_parameters": "main:app",
    "openapi_bodies": "main:app",
    "openapi_responses": "main:app",
    "openapi_models": "main:app",
    "openapi_generics": "main:app",
    "openapi_types": "main:app",
    "openapi_security": "main:app",
    "openapi_options": "main:app",
    "openapi_single": "main:app",
    "routes_registering": "shop.main:app",
    "routes_inclusion": "shop.main:app",
    "routes_factory": "shop.factory:create_app()",
    "routes_mounts": "shop.main:app",
    "routes_dependencies": "shop.main:app",
    "isolation_authentication": "main:app",
    "isolation_inline": "main:app",
    "isolation_layers": "main:app",
}
MOUNTED = [("openapi_options", "main:sub", "/sub"), ("routes_mounts", "shop.main:admin", "/admin")]
SECRET = "/components/schemas/Serialised-Output/properties/secret"
DIFFERENCES = {
    # a default that a function serialises: what the function gives is not computed
    "openapi_models": [
        f"{SECRET}/default: missing",
        f"{SECRET}/x-backend-architect-unknown: not in the truth",
    ]
}


def compared(found: Document, truth: Document) -> list[str]:
    said, true = (without_chosen_methods(without_descriptions(made)) for made in (found, truth))
    return differences(said, true)


def without_chosen_methods(made: Document) -> Document:
    """A route of several methods has one id, which ends in any of them: a set's first."""
    for item in made["paths"].values():
        ids = [operation["operationId"] for operation in item.values()]
        for operation in item.values() if len(set(ids)) < len(ids) else ():
            operation["operationId"] = operation["operationId"].rpartition("_")[0]
    return made


def extracted(project: Project, label: str) -> Document:
    (application,) = [a for a in project.applications if a.label == label]
    return document(project, application)


@pytest.fixture(scope="module")
def truths() -> dict[tuple[str, str], Document]:
    asked = [(name, target, "") for name, target in SAMPLES.items()]
    asked += [(name, SAMPLES[name], at) for name, _, at in MOUNTED]
    found = openapi_truths([(str(APPS / name), target, at) for name, target, at in asked])
    return {(name, at): truth for (name, _, at), truth in zip(asked, found, strict=True)}


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_document_is_what_the_running_application_says(
    sample: str, truths: dict[tuple[str, str], Document]
) -> None:
    found = extracted(project_of(APPS / sample), SAMPLES[sample])
    assert compared(found, truths[sample, ""]) == DIFFERENCES.get(sample, [])
    assert truths[sample, ""]["paths"]


@pytest.mark.parametrize(("sample", "label", "at"), MOUNTED)
def test_a_mounted_application_has_its_own_document(
    sample: str, label: str, at: str, truths: dict[tuple[str, str], Document]
) -> None:
    found = extracted(project_of(APPS / sample), label)
    assert compared(found, truths[sample, at]) == []
    assert truths[sample, at]["paths"]
