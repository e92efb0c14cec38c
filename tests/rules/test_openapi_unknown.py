"""What cannot be found out is marked where it is missing, and nothing is invented in its place."""

from __future__ import annotations

from typing import Any

import pytest

from rules.project.openapi.document import document
from tests.rules.test_routes import project_from

UNKNOWN = "x-backend-architect-unknown"
HEAD = (
    "import os\nfrom fastapi import APIRouter, Depends, FastAPI, Query\nfrom pydantic import BaseModel\n"
    "from vendor import Plugin, limits, login, names, serve\n"
)


def made(main: str, **others: str) -> dict[str, Any]:
    project = project_from(main=HEAD + main, **others)
    return document(project, project.applications[0])


def operation(main: str, path: str = "/x", method: str = "get") -> dict[str, Any]:
    found: dict[str, Any] = made("app = FastAPI()\n" + main)["paths"][path][method]
    return found


def test_a_library_s_type_is_unknown() -> None:
    found = operation("@app.get('/x')\ndef x() -> Plugin: ...\n")
    schema = found["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {UNKNOWN: True, "title": "Response X X Get"}
    assert UNKNOWN not in found


def test_a_library_s_dependency_makes_the_operation_unknown() -> None:
    found = operation("@app.get('/x')\ndef x(user=Depends(login), q: int = 1): ...\n")
    assert found[UNKNOWN] is True
    assert [parameter["name"] for parameter in found["parameters"]] == ["q"]


def test_a_library_s_handler_makes_the_operation_unknown() -> None:
    assert operation("app.get('/x')(serve)\n")[UNKNOWN] is True


def test_a_model_of_which_a_base_is_unknown_keeps_its_name_and_its_fields() -> None:
    main = "app = FastAPI()\nclass Own(Plugin):\n    a: int\n@app.post('/x')\ndef x(own: Own) -> Own: ...\n"
    found = made(main)
    response = found["paths"]["/x"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    own = found["components"]["schemas"][response["$ref"].rpartition("/")[2]]
    assert own[UNKNOWN] is True
    assert own["properties"] == {"a": {"type": "integer", "title": "A"}}


def test_an_unknown_default_is_marked_and_the_parameter_optional() -> None:
    (found,) = operation("@app.get('/x')\ndef x(q: int = limits()): ...\n")["parameters"]
    assert found["required"] is False
    assert found["schema"] == {"type": "integer", "title": "Q", UNKNOWN: True}


def test_responses_that_a_library_lists_are_unknown() -> None:
    found = operation("@app.get('/x', responses=names)\ndef x(): ...\n")["responses"]
    assert found[UNKNOWN] is True
    assert "200" in found


def test_an_id_that_a_library_makes_is_left_out() -> None:
    found = operation("@app.get('/x', generate_unique_id_function=names)\ndef x(): ...\n")
    assert "operationId" not in found
    assert found[UNKNOWN] is True


def test_a_title_that_is_not_known_is_left_out() -> None:
    found = made("app = FastAPI(title=names(), version='2')\n")
    assert found["info"] == {"version": "2", UNKNOWN: True}


def test_a_document_that_the_project_changes_is_marked() -> None:
    main = "app = FastAPI()\ndef custom(): ...\napp.openapi = custom\n"
    assert made(main)["info"] == {"title": "FastAPI", "version": "0.1.0", UNKNOWN: True}


def test_routes_that_a_setting_turns_off_are_left_out() -> None:
    main = (
        "app = FastAPI()\nif os.getenv('DEBUG', '') == '1':\n    app.get('/debug')(lambda: 1)\n"
        "app.get('/x')(lambda: 1)\n"
    )
    assert list(made(main)["paths"]) == ["/x"]


def test_an_application_without_routes_has_no_components() -> None:
    assert made("app = FastAPI()\n") == {
        "openapi": "3.1.0",
        "info": {"title": "FastAPI", "version": "0.1.0"},
        "paths": {},
    }


def test_models_that_hold_each_other_come_to_an_end() -> None:
    main = (
        "app = FastAPI()\nclass A(BaseModel):\n    b: 'B'\nclass B(BaseModel):\n    a: list[A]\n"
        "@app.get('/x')\ndef x() -> A: ...\n"
    )
    schemas = made(main)["components"]["schemas"]
    assert schemas["A"]["properties"]["b"] == {"$ref": "#/components/schemas/B"}
    assert schemas["B"]["properties"]["a"]["items"] == {"$ref": "#/components/schemas/A"}


MODES = (
    "from decimal import Decimal\napp = FastAPI()\nclass Price(BaseModel):\n    amount: Decimal\n"
    "@app.post('/x')\ndef x(price: Price) -> Price: ...\n"
)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("0.101.1", ["Price"]), ("0.102.0", ["Price-Input", "Price-Output"])],
)
def test_input_and_output_are_told_apart_from_0_102_on(version: str, expected: list[str]) -> None:
    schemas = made(MODES, pins=f"fastapi=={version}")["components"]["schemas"]
    assert [name for name in schemas if name.startswith("Price")] == expected


@pytest.mark.parametrize(("version", "times"), [("0.123.7", 2), ("0.123.8", 1)])
def test_requirements_are_merged_from_0_123_8_on(version: str, times: int) -> None:
    main = (
        "from fastapi.security import HTTPBearer\napp = FastAPI()\none, two = HTTPBearer(), HTTPBearer()\n"
        "@app.get('/x')\ndef x(a=Depends(one), b=Depends(two)): ...\n"
    )
    found = made(main, pins=f"fastapi=={version}")["paths"]["/x"]["get"]["security"]
    assert found == [{"HTTPBearer": []}] * times


@pytest.mark.parametrize(
    ("version", "expected"),
    [("0.129.0", {"format": "binary"}), ("0.129.1", {"contentMediaType": "application/octet-stream"})],
)
def test_binary_content_has_a_media_type_from_0_129_1_on(version: str, expected: dict[str, str]) -> None:
    main = "app = FastAPI()\n@app.get('/x')\ndef x() -> bytes: ...\n"
    found = made(main, pins=f"fastapi=={version}")["paths"]["/x"]["get"]["responses"]["200"]
    assert found["content"]["application/json"]["schema"] == {
        "type": "string",
        "title": "Response X X Get",
        **expected,
    }
