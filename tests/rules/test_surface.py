"""The surface of an API, the endpoint table, and what a change of the code does to clients."""

from __future__ import annotations

import pytest

from rules import NoCache, compare, endpoints, load_options, review_trusted, surface_changes
from rules.inventory import OperationRecord
from rules.verdict import Review

APP = """\
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


class Note(BaseModel):
    id: int
    text: str
    colour: Literal["red", "blue"] = "red"
    tag: str | None = None


class NoteCreate(BaseModel):
    text: str
    tag: str | None = None


@app.get("/notes")
def read_notes(
    token: Annotated[str, Depends(scheme)], limit: Annotated[int, Query(le=100)] = 10
) -> list[Note]:
    \"\"\"All notes.\"\"\"
    return []


@app.get("/notes/{note_id}")
def read_note(note_id: int) -> Note:
    if note_id > 9:
        raise HTTPException(404, "no such note")
    return Note(id=note_id, text="")


@app.post("/notes", status_code=201)
def create_note(note: NoteCreate, token: Annotated[str, Depends(scheme)]) -> Note:
    return Note(id=1, text=note.text)


@app.delete("/notes/{note_id}", status_code=204, include_in_schema=False)
def delete_note(note_id: int) -> None:
    return None
"""


def reviewed(text: str) -> Review:
    tree = {"app/main.py": text.encode()}
    return review_trusted(tree, load_options(tree), cache=NoCache())


BASE = reviewed(APP)


def operation(review: Review, title: str) -> OperationRecord:
    return next(one for one in review.surface if one.title == title)


def changed(old: str, new: str) -> list[tuple[str, str, bool, list[str]]]:
    assert APP.count(old) == 1, old
    found = surface_changes(BASE.surface, reviewed(APP.replace(old, new)).surface)
    return [(c.title, c.kind, c.breaking, [f"{one.place}: {one.said}" for one in c.changes]) for c in found]


def test_an_operation_says_what_goes_in_and_out() -> None:
    created = operation(BASE, "POST /notes")
    assert (created.auth, created.schemes) == ("required", ("OAuth2PasswordBearer",))
    assert (created.request_model, created.response_model) == ("NoteCreate", "Note")
    assert created.statuses == ("201", "422")
    assert [(value.place, value.type, value.required) for value in created.request] == [
        ("body", "object", True),
        ("body.text", "string", True),
        ("body.tag", "string", False),
    ]
    assert [value.place for value in created.response] == [
        "response", "response.id", "response.text", "response.colour", "response.tag",
    ]  # fmt: skip


def test_the_endpoint_table_has_a_row_for_each_operation() -> None:
    rows = {row.operation.title: row for row in endpoints(BASE.surface, BASE.findings)}
    assert list(rows) == ["GET /notes", "POST /notes", "DELETE /notes/{note_id}", "GET /notes/{note_id}"]
    assert rows["GET /notes"].documentation == "described"
    assert rows["POST /notes"].documentation == "undescribed"
    assert rows["DELETE /notes/{note_id}"].documentation == "hidden"
    assert rows["GET /notes/{note_id}"].undeclared_statuses == (404,)
    assert rows["POST /notes"].undeclared_statuses == ()


def test_a_row_names_what_is_wrong_in_it_and_no_more() -> None:
    unsound = APP.replace("def read_note(note_id: int) -> Note:", "def read_note(note_id: int):")
    review = reviewed(unsound)
    rows = {row.operation.title: row for row in endpoints(review.surface, review.findings)}
    assert "BA207" in [finding.rule for finding in rows["GET /notes/{note_id}"].findings]
    others = [
        finding.rule
        for title, row in rows.items()
        if title != "GET /notes/{note_id}"
        for finding in row.findings
    ]
    assert "BA207" not in others


@pytest.mark.parametrize(
    ("old", "new", "title", "breaking", "said"),
    [
        ("limit: Annotated[int, Query(le=100)] = 10", "limit: int", "GET /notes", True,
         ["query parameter limit: is required now", "query parameter limit: maximum was 100, is none"]),
        ("Query(le=100)", "Query(le=50)", "GET /notes", True,
         ["query parameter limit: maximum was 100, is 50"]),
        ("Query(le=100)", "Query(le=500)", "GET /notes", False,
         ["query parameter limit: maximum was 100, is 500"]),
        ("class NoteCreate(BaseModel):\n    text: str", "class NoteCreate(BaseModel):\n    text: int",
         "POST /notes", True, ["body.text: was string, is integer"]),
        ("class NoteCreate(BaseModel):\n    text: str",
         "class NoteCreate(BaseModel):\n    key: int\n    text: str",
         "POST /notes", True, ["body.key: is new and required"]),
        ("class NoteCreate(BaseModel):\n    text: str",
         "class NoteCreate(BaseModel):\n    key: int = 0\n    text: str",
         "POST /notes", False, ["body.key: is new"]),
        ("status_code=201", "status_code=200", "POST /notes", True, ["status: was 201, is 200"]),
        ("def read_note(note_id: int)", "def read_note(note_id: int, token: Annotated[str, Depends(scheme)])",
         "GET /notes/{note_id}", True, ["authentication: was none, is required"]),
        ("note: NoteCreate, token: Annotated[str, Depends(scheme)]", "note: NoteCreate",
         "POST /notes", False, ["authentication: was required, is none"]),
        ('raise HTTPException(404, "no such note")', 'raise HTTPException(410, "no such note")',
         "GET /notes/{note_id}", False, ["status: can also be 410"]),
        ('@app.get("/notes/{note_id}")', '@app.get("/notes/{note_id}", deprecated=True)',
         "GET /notes/{note_id}", False, ["documentation: is deprecated now"]),
        (", include_in_schema=False", "", "DELETE /notes/{note_id}", False,
         ["documentation: is in the API description now"]),
    ],
)  # fmt: skip
def test_a_change_of_one_operation(
    old: str, new: str, title: str, *, breaking: bool, said: list[str]
) -> None:
    assert changed(old, new) == [(title, "changed", breaking, said)]


@pytest.mark.parametrize(
    ("old", "new", "breaking", "said"),
    [
        ("    id: int\n    text: str\n    colour", "    id: int\n    colour", True, "text: is gone"),
        ("    tag: str | None = None\n\n\nclass NoteCreate", "    tag: str\n\n\nclass NoteCreate", False,
         "tag: may not be null any more"),
        ("    id: int\n", "    id: int | None\n", True, "id: may be null now"),
        ('Literal["red", "blue"]', 'Literal["red", "blue", "green"]', True, "colour: can also be green"),
        ('Literal["red", "blue"]', 'Literal["red"]', False, "colour: can no longer be blue"),
        ("    id: int\n", "    id: int\n    more: int = 0\n", False, "more: is new"),
    ],
)  # fmt: skip
def test_a_change_of_a_model_is_one_of_each_answer(old: str, new: str, *, breaking: bool, said: str) -> None:
    found = changed(old, new)
    assert [title for title, *_ in found] == ["GET /notes", "POST /notes", "GET /notes/{note_id}"]
    for title, kind, breaks, told in found:
        place = "response[]." if title == "GET /notes" else "response."
        assert (kind, breaks) == ("changed", breaking)
        assert place + said in told


def test_added_removed_and_moved() -> None:
    assert changed('@app.get("/notes/{note_id}")', '@app.get("/cards/{note_id}")') == [
        ("GET /cards/{note_id}", "added", False, []),
        ("GET /notes/{note_id}", "removed", True, []),
    ]
    assert changed('"""All notes."""', '"""All the notes."""\n\n') == []
    moved = APP.replace("{note_id}", "{key}").replace("note_id", "key")
    assert surface_changes(BASE.surface, reviewed(moved).surface) == ()


def test_less_authentication_is_told_apart() -> None:
    opened = reviewed(
        APP.replace("note: NoteCreate, token: Annotated[str, Depends(scheme)]", "note: NoteCreate")
    )
    [change] = surface_changes(BASE.surface, opened.surface)
    assert change.opens
    [closed] = surface_changes(opened.surface, BASE.surface)
    assert not closed.opens
    assert closed.breaking


def test_a_comparison_keeps_the_surface_of_base() -> None:
    assert compare(BASE, reviewed("from fastapi import FastAPI\n")).base_surface == BASE.surface
    assert compare(None, BASE).base_surface is None
