"""The comparison of OpenAPI documents, on small ones written out here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.accuracy.tally import Tally
from tools.openapi_accuracy import dump
from tools.openapi_accuracy.__main__ import main
from tools.openapi_accuracy.comparison import compare_documents, spelled, unknown_operations
from tools.openapi_accuracy.page import MEANINGS, read_reasons

ITEM = {"$ref": "#/components/schemas/Item"}
OPERATION: dict[str, Any] = {
    "operationId": "read",
    "tags": ["items"],
    "parameters": [{"in": "path", "name": "id", "required": True, "schema": {"type": "integer"}}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ITEM}}},
    "responses": {"200": {"content": {"application/json": {"schema": ITEM}}}, "404": {}},
    "security": [{"Bearer": ["a"]}],
}
TRUTH: dict[str, Any] = {"paths": {"/items/{id}": {"get": OPERATION, "put": OPERATION}, "/": {"get": {}}}}


def said(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(TRUTH))
    document["paths"]["/items/{id}"]["get"].update(changes)
    return document


def test_a_document_is_the_same_as_itself() -> None:
    compared = compare_documents(TRUTH, TRUTH)
    assert compared.differences == ()
    assert compared.tallies["operations"] == Tally(3, 3, 3)
    assert set(compared.tallies) == set(MEANINGS)


@pytest.mark.parametrize(
    ("fact", "changes"),
    [
        ("parameters", {"parameters": [{**OPERATION["parameters"][0], "required": False}]}),
        ("parameter types", {"parameters": [{**OPERATION["parameters"][0], "schema": {"type": "string"}}]}),
        ("bodies", {"requestBody": {}}),
        ("statuses", {"responses": {"200": OPERATION["responses"]["200"]}}),
        ("responses", {"responses": {"200": {}, "404": {}}}),
        ("security", {"security": []}),
        ("operation ids", {"operationId": "other"}),
        ("tags", {"tags": []}),
    ],
)
def test_each_fact_is_counted(fact: str, changes: dict[str, Any]) -> None:
    differences = compare_documents(TRUTH, said(**changes)).differences
    assert [(found.fact, found.subject) for found in differences] == [(fact, "GET /items/{id}")]


def test_a_missing_operation_is_a_difference() -> None:
    compared = compare_documents(TRUTH, {"paths": {"/": {"get": {}}}})
    assert compared.tallies["operations"] == Tally(1, 3, 1)


def test_unknown_parts_are_counted_once_an_operation() -> None:
    mark = {"x-backend-architect-unknown": True}
    assert unknown_operations(said(responses={"200": {"content": {"a": mark, "b": mark}}})) == 1
    assert unknown_operations(TRUTH) == 0


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (ITEM, "Item"),
        ({"anyOf": [ITEM, {"type": "null"}]}, "Item"),
        ({"title": "x", "allOf": [ITEM]}, "Item"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "integer | string"),
        ({"type": "array", "items": ITEM}, "list[Item]"),
        ({"type": "object", "additionalProperties": ITEM}, "dict[Item]"),
        ({}, "any"),
        ({"x-backend-architect-unknown": True}, "?"),
    ],
)
def test_schemas_are_spelled_in_a_few_words(schema: dict[str, Any], expected: str) -> None:
    assert spelled(schema) == expected


def test_a_dump_is_made_and_compared(tmp_path: Path) -> None:
    project, dumps = tmp_path / "projects" / "me__shop", tmp_path / "dumps"
    (project / "src").mkdir(parents=True)
    dumps.mkdir()
    source = (
        "from fastapi import FastAPI\napp = FastAPI()\nsub = FastAPI()\napp.mount('/sub', sub)\n"
        "@app.get('/x/{id}')\ndef x(id: int) -> str: ...\n@sub.get('/y')\ndef y(): ...\n"
    )
    (project / "src" / "main.py").write_text(source)
    command = [sys.executable, dump.__file__, "main:app", str(dumps / "me__shop.json"), "--root", "src"]
    subprocess.run(command, cwd=project, check=True)
    found = json.loads((dumps / "me__shop.json").read_text())
    assert (found["root"], sorted(found["documents"])) == ("src", ["", "/sub"])
    page = tmp_path / "page.md"
    arguments = ["--truth", str(dumps), "--projects", str(tmp_path / "projects"), "--output", str(page)]
    assert main(arguments) == 0
    assert "| operations | method and path; all below are of" in page.read_text()
    assert "| 2 / 2 / 2 | 1.000 | 1.000 |" in page.read_text()


def test_without_dumps_there_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    assert main(["--truth", str(tmp_path), "--projects", str(tmp_path), "--output", str(page)]) == 2
    assert "holds no dumps" in capsys.readouterr().err
    assert not page.exists()


def test_the_reasons_name_known_facts() -> None:
    assert {fact for reason in read_reasons().reason for fact in reason.facts} <= set(MEANINGS)
