"""Endpoint lists in Markdown, in the forms in which people keep them."""

from __future__ import annotations

import pytest

from rules.specification.markdown_endpoints import read_endpoint_list
from rules.specification.operations import ApiSpecification


def read(text: str) -> ApiSpecification:
    return read_endpoint_list("specs/api.md", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "## GET /items/{id}",
        "### `GET /items/{id}`",
        "### 3. Read an item: GET /items/:id",
        "#### **GET** `/items/<id>`",
        "**GET** `/items/{id}` reads an item.",
        "- GET /items/{id} reads an item",
        "**Endpoint**: `GET /items/[id]?full=true`",
        "### GET https://example.com/items/{id}",
        "| Method | Path |\n|---|---|\n| GET | `/items/{id}` |",
        "| Endpoint | What |\n|---|---|\n| `GET /items/{id}` | an item |",
    ],
)
def test_each_form_names_the_operation(text: str) -> None:
    assert [o.title for o in read(f"# API\n\n{text}\n").operations] == ["GET /items/{id}"]


@pytest.mark.parametrize(
    "text",
    [
        "Clients GET their token at the /login page.",
        "We follow the paths in /etc and POST mortem.",
        "```\nGET /items\n```",
        "| Name | Path |\n|---|---|\n| config | /etc/app |",
        "## GET started",
    ],
)
def test_what_only_resembles_an_endpoint_is_none(text: str) -> None:
    assert read(f"# API\n\n{text}\n").operations == ()


def test_the_line_is_the_heading_or_the_row() -> None:
    found = read("# API\n\n## GET /a\n\ntext\n\n| Method | Path |\n|---|---|\n| PUT | /b |\n| POST | /c |\n")
    assert {o.title: o.line for o in found.operations} == {"GET /a": 3, "PUT /b": 9, "POST /c": 10}


def test_what_stands_below_a_heading_belongs_to_it() -> None:
    found = read(
        "# API\n\nBase URL: https://example.com/api/v1\n\n## POST /items\n\nAuthentication: Bearer token\n\n"
        '### Request Body\n\n```json\n{"name": "x", "count": 1}\n```\n\n'
        "### Response\n\n- 201 Created\n- 404 No\n\n"
        "## GET /items\n\n**Auth**: none\n\nQuery parameters:\n\n- `limit` (integer, optional): how many\n"
        "- `sort`: name | date\n\nReturns: 200 with the items\n"
    )
    post, get = sorted(found.operations, key=lambda o: o.method, reverse=True)
    assert set(post.own["requestBody"]["content"]["application/json"]["schema"]["properties"]) == {
        "name",
        "count",
    }
    assert (set(post.responses), bool(post.security)) == ({"201"}, True)
    assert set(get.parameters) == {("query", "limit"), ("query", "sort")}
    assert get.parameters["query", "limit"]["schema"] == {"type": "integer"}
    assert (set(get.responses), get.security) == ({"200"}, [])
    assert found.bases == ("", "/api/v1")


@pytest.mark.parametrize("told", ["None.", "`multipart/form-data`", "form data, see below"])
def test_what_is_no_json_is_no_body(told: str) -> None:
    answer = '- **Response (200 OK):**\n  ```json\n  {"a": 1}\n  ```\n'
    (operation,) = read(f"## POST /a\n\n- **Request Body:** {told}\n{answer}").operations
    assert "requestBody" not in operation.own
    assert set(operation.responses) == {"200"}


def test_a_table_tells_credentials_and_status() -> None:
    found = read(
        "| Method | Endpoint | Auth | Status |\n|---|---|---|---|\n"
        "| GET | /a | No | 200 |\n| POST | /a | Required | 201 Created |\n| PUT | /a | | |\n"
    )
    told = {o.method: (bool(o.security), o.says_security, set(o.responses)) for o in found.operations}
    assert told == {
        "get": (False, True, {"200"}),
        "post": (True, True, {"201"}),
        "put": (False, False, set()),
    }


def test_what_is_not_decided_is_asked() -> None:
    found = read("## GET /a\n\nQuery parameters:\n\n- `sort`: (future use)\n- `limit`\n\n## GET /b (TBD)\n")
    assert [o.title for o in found.operations] == ["GET /a"]
    assert set(found.operations[0].parameters) == {("query", "limit")}
    assert [doubt.line for doubt in found.doubts] == [5, 8]
