"""OpenAPI documents as specifications: what is read, what is asked, what is refused."""

from __future__ import annotations

import json
import time

import pytest

from rules.specification.api import api_specifications
from rules.specification.openapi import read_openapi
from rules.specification.operations import ApiSpecification
from rules.specification.problem import Unreadable
from rules.specification.references import resolve
from rules.specification.structured_text import read_structured

YAML = b"""\
openapi: 3.0.3
servers: [{url: "https://example.com/v2/"}, {url: "{scheme}://x"}]
paths:
  /items/{id}:
    parameters:
      - {$ref: "#/components/parameters/Id"}
    get:
      responses:
        200: {$ref: "#/components/responses/Item"}
    delete:
      security: []
      responses: {204: {description: Gone}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: integer}}
  responses:
    Item: {description: The item, content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}
  schemas:
    Item: {type: object, properties: {next: {$ref: "#/components/schemas/Item"}}}
"""


def document(**paths: object) -> bytes:
    made = {"openapi": "3.1.0", "paths": {f"/{path}": item for path, item in paths.items()}}
    return json.dumps(made, indent=1).encode()


def read(data: bytes, path: str = "openapi.json") -> ApiSpecification:
    return read_openapi(path, data)


def test_yaml_gives_operations_with_their_lines_and_what_the_path_shares() -> None:
    found = read_openapi("openapi.yaml", YAML)
    assert [(o.title, o.line) for o in found.operations] == [
        ("GET /items/{id}", 7),
        ("DELETE /items/{id}", 10),
    ]
    get, delete = found.operations
    assert get.parameters["path", "id"]["schema"] == {"type": "integer"}
    assert set(get.responses) == {"200"}
    assert (get.security, delete.security) == (None, [])
    assert found.bases == ("", "/v2")
    assert found.doubts == ()


def test_json_operations_have_their_lines() -> None:
    good = {"responses": {"200": {"description": "get"}}}
    data = document(items={"get": good, "post": good}, things={"get": good})
    lines = {o.title: o.line for o in read(data).operations}
    text = data.decode().split("\n")
    assert '"get"' in text[lines["GET /items"] - 1]
    assert '"post"' in text[lines["POST /items"] - 1]
    assert lines["GET /things"] > text.index('  "/things": {')


def test_references_in_a_circle_end() -> None:
    circle = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}
    assert resolve(circle, {"$ref": "#/a"}).value is None
    assert resolve(circle, {"$ref": "https://example.com/x.json"}).value is None
    assert resolve({"x~y": [{"k/l": 1}]}, {"$ref": "#/x~0y/0/k~1l"}).value == 1


@pytest.mark.parametrize(
    ("item", "asked"),
    [
        ({"get": {"description": "TBD", "responses": {"200": {}}}}, "not decided"),
        (
            {"get": {"summary": "Items [NEEDS CLARIFICATION: paged?]", "responses": {"200": {}}}},
            "not decided",
        ),
        ({"get": {}}, "names no response"),
        ({"get": {"responses": {"200": {"$ref": "#/components/responses/No"}}}}, "not in this document"),
        ({"get": {"responses": {"200": {"$ref": "other.yaml#/X"}}}}, "not in this document"),
    ],
)
def test_what_is_incomplete_is_asked(item: object, asked: str) -> None:
    (doubt,) = read(document(items=item)).doubts
    assert asked in doubt.message
    assert doubt.line > 1


def test_a_finished_description_asks_nothing() -> None:
    item = {"get": {"description": "All todos, to be shown.", "responses": {"200": {"description": "Todos"}}}}
    assert read(document(todos=item)).doubts == ()


def test_what_is_not_decided_is_no_operation() -> None:
    items = {"get": {"description": "TODO", "responses": {"200": {}}}, "post": {"responses": {"201": {}}}}
    assert [o.title for o in read(document(items=items)).operations] == ["POST /items"]


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("s.json", b'{"swagger": "2.0", "paths": {}}', "Swagger 2.0"),
        ("s.json", b'{"openapi": "4.0.0", "paths": {}}', "4.0.0"),
        ("s.json", b'{"openapi": "3.0.0"', "not valid JSON"),
        ("s.json", b"\xff\xfe", "not UTF-8"),
        ("s.yaml", b"openapi: [", "not valid YAML"),
        ("s.yaml", b"- 1\n- 2\n", "not an OpenAPI document"),
        ("s.yaml", b"? [a, b]\n: 1\n", "a key that is no text"),
        ("s.json", b"[" * 5_000 + b"]" * 5_000, "deep"),
        ("s.yaml", b"a: " + b"[" * 300 + b"]" * 300, "deep"),
        ("s.json", b" " * 4_000_001, "larger than"),
        ("s.yaml", b"a: &a [*a]\n", "deep"),
    ],
)
def test_what_cannot_be_read_says_why(path: str, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_openapi(path, data)
    assert reason in refused.value.reason


def test_aliases_cannot_explode() -> None:
    levels = [b"l0: &l0 [x, x, x, x, x, x, x, x, x]"]
    levels += [b"l%d: &l%d [%s]" % (n, n, b", ".join([b"*l%d" % (n - 1)] * 9)) for n in range(1, 12)]
    started = time.process_time()
    with pytest.raises(Unreadable):
        read_structured("bomb.yaml", b"\n".join(levels))
    assert time.process_time() - started < 30


def test_yaml_dates_and_merge_keys_are_json() -> None:
    data = b"base: &base {a: 1, day: 2024-01-02}\nmade:\n  <<: *base\n  a: 2\n"
    assert read_structured("x.yaml", data).value["made"] == {"a": 2, "day": "2024-01-02"}


GOOD = document(items={"get": {"responses": {"200": {"description": "The items"}}}})
GENERATED = document(items={"get": {"operationId": "list_items_get", "responses": {"200": {}}}})


@pytest.mark.parametrize(
    ("path", "data", "found"),
    [
        ("openapi.json", GOOD, True),
        ("backend/openapi.yaml", YAML, True),
        ("docs/openapi.json", GOOD, True),
        ("specs/002-orders/contracts/orders.json", GOOD, True),
        ("docs/openapi.json", GENERATED, False),
        ("openapi.json", GENERATED, True),
        ("frontend/openapi.json", GOOD, False),
        ("tests/data/openapi.json", GOOD, False),
        ("sdk/python/openapi.json", GOOD, False),
        ("data/items.json", GOOD, False),
        ("specs/sample.json", b'{"items": []}', False),
    ],
)
def test_where_specifications_are_found(path: str, data: bytes, *, found: bool) -> None:
    assert bool(api_specifications({path: data}, ()).read) is found


def test_what_the_configuration_names_is_read_wherever_it_lies() -> None:
    files = {"frontend/openapi.json": GENERATED, "openapi.json": GOOD}
    found = api_specifications(files, ("frontend/openapi.json", "docs/gone.yaml"))
    assert [(s.path, s.is_configured) for s in found.read] == [("frontend/openapi.json", True)]
    assert [doubt.path for doubt in found.unread] == ["docs/gone.yaml"]
