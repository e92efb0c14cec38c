"""What conformance asks instead of reporting: a specification that says too little, or two things."""

from __future__ import annotations

import msgspec
import pytest

from rules import NoCache, Review, load_options, review_trusted

APP = b"""\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


@app.get("/items")
def list_items():
    return []


@app.get("/items/{item_id}")
def read_item(item_id: int):
    return {}
"""


def reviewed(**files: bytes) -> Review:
    tree = {
        "main.py": APP,
        **{path.replace("__", "/").replace("_dot_", "."): data for path, data in files.items()},
    }
    options = msgspec.structs.replace(load_options(tree), select=("BA208", "BA156"))
    return review_trusted(tree, options, cache=NoCache())


def specified(*paths: str, **extra: str) -> bytes:
    lines = ["openapi: 3.1.0", "paths:"]
    for path in paths:
        lines += [f"  {path}:", "    get:", '      responses: {"200": {description: Good}}']
        lines += [f"      {key}: {value}" for key, value in extra.items()]
    return "\n".join(lines).encode()


def asked(review: Review) -> list[tuple[str, str, int]]:
    return [(q.kind, q.path, q.line) for q in review.questions]


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (specified("/items", "/items/{id}", description='"TBD: paged?"'), "specification-ambiguous", 4),
        (
            specified("/items", "/items/{id}").replace(b"{description: Good}", b"{$ref: gone.yaml}"),
            "specification-ambiguous",
            4,
        ),
        (b"openapi: 3.1.0\npaths: {]\n", "specification-not-read", 2),
        (b'swagger: "2.0"\npaths: {}', "specification-not-read", 1),
        (specified("/charges", "/refunds", "/payouts"), "specification-ambiguous", 1),
    ],
)
def test_what_is_ambiguous_or_incomplete_becomes_a_question(data: bytes, kind: str, line: int) -> None:
    review = reviewed(openapi_dot_yaml=data)
    assert (kind, "openapi.yaml", line) in asked(review)
    assert [f for f in review.findings if f.path == "openapi.yaml"] == []
    assert review.coverage.rules_crashed == ()


def test_a_clear_specification_asks_nothing() -> None:
    review = reviewed(openapi_dot_yaml=specified("/items", "/items/{id}"))
    assert (review.questions, review.findings) == ((), ())


def test_the_configuration_makes_a_stranger_the_specification() -> None:
    options = b'[tool.backend-architect]\napi-spec = ["openapi.yaml"]\n'
    review = reviewed(openapi_dot_yaml=specified("/charges"), pyproject_dot_toml=options)
    assert {(f.path, f.severity.value) for f in review.findings} == {
        ("openapi.yaml", "high"),
        ("main.py", "low"),
    }
    assert review.questions == ()


def test_a_missing_configured_specification_is_told() -> None:
    options = b'[tool.backend-architect]\napi-spec = ["docs/api.yaml"]\nschema-spec = ["db.sql"]\n'
    review = reviewed(pyproject_dot_toml=options)
    assert [(kind, path) for kind, path, _ in asked(review)] == [
        ("specification-not-read", "db.sql"),
        ("specification-not-read", "docs/api.yaml"),
    ]


def test_a_described_table_without_a_model_is_asked() -> None:
    model = b"\n\nfrom sqlmodel import Field, SQLModel\n\n\nclass Team(SQLModel, table=True):\n"
    model += b"    id: int | None = Field(default=None, primary_key=True)\n"
    text = b"## Table: team\n\n| Field | Type |\n|---|---|\n| id | integer |\n\n"
    text += b"## Table: badge\n\n| Field | Type |\n|---|---|\n| id | integer |\n"
    tree = {"main.py": APP + model, "specs/schema.md": text}
    review = review_trusted(tree, load_options(tree), cache=NoCache())
    assert [(kind, path, line) for kind, path, line in asked(review) if kind.startswith("spec")] == [
        ("specification-ambiguous", "specs/schema.md", 7)
    ]
