"""The fixes of the rules about updates, paging, statuses and order cure their finding and bring no other."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from rules import NoCache, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review

HEAD = """\
{imports}
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")


class NoteUpdate(SQLModel):
    text: str | None = None


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


"""
IMPORTS = "from fastapi import FastAPI, HTTPException"
UPDATE = """\
@app.patch("/notes/{{note_id}}", responses={{404: {{}}}})
def update_note(note_id: int, data: NoteUpdate) -> Note:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(404)
        {update}
        session.commit()
        return note
"""
LIST = """\
@app.get("/notes")
def read_notes({parameters}) -> list[Note]:
    with Session(engine) as session:
        {list}
"""
STATUS = """\
@app.get({decorator})
def read_note(note_id: int) -> int:
    if note_id > 9:
        raise HTTPException(404)
    return note_id
"""
ORDER = """\
@app.get("/notes/{note_id}")
def read_note(note_id: int) -> int:
    return note_id


@app.get("/notes/latest")
def read_latest() -> int:
    return 1
"""
FIXES = [
    (
        "BA216",
        UPDATE.format(update="note.sqlmodel_update(data.model_dump())"),
        "model_dump(exclude_unset=True))",
    ),
    (
        "BA216",
        UPDATE.format(update='note.sqlmodel_update(data.model_dump(mode="json"))'),
        'model_dump(mode="json", exclude_unset=True))',
    ),
    (
        "BA216",
        UPDATE.format(update="for k, v in data.dict().items():\n            setattr(note, k, v)"),
        "data.dict(exclude_unset=True).items():",
    ),
    (
        "BA215",
        LIST.format(parameters="", list="return list(session.exec(select(Note)).all())"),
        "def read_notes(offset: int = 0, limit: int = Query(default=100, ge=1, le=100)) -> list[Note]:",
    ),
    (
        "BA215",
        LIST.format(
            parameters="text: str", list="return session.exec(select(Note).where(Note.text == text)).all()"
        ),
        "select(Note).where(Note.text == text).offset(offset).limit(limit)).all()",
    ),
    (
        "BA215",
        LIST.format(parameters="\n    text: str,\n", list="return list(session.exec(select(Note)))"),
        "select(Note).offset(offset).limit(limit)))",
    ),
    (
        "BA214",
        STATUS.format(decorator='"/notes/{note_id}"'),
        '@app.get("/notes/{note_id}", responses={404: {"description": "Not Found"}})',
    ),
    (
        "BA204",
        ORDER,
        '@app.get("/notes/latest")\ndef read_latest() -> int:\n    return 1\n\n\n@app.get("/notes/{',
    ),
]
NOT_FIXED = [
    ("BA215", LIST.format(parameters="limit: int = 3", list="return session.exec(select(Note)).all()")),
    ("BA215", LIST.format(parameters="", list="return everything(session)") + """

def everything(session: Session) -> list[Note]:
    return list(session.exec(select(Note)).all())
"""),
    ("BA214", STATUS.format(decorator='"/notes/{note_id}", responses={409: {}}')),
    ("BA216", UPDATE.format(update="note.sqlmodel_update(data.model_dump(exclude_none=True))")),
    ("BA216", UPDATE.format(update="note.sqlmodel_update(data.model_dump())").replace(".patch(", ".put(")),
]  # fmt: skip


def reviewer(rule: str) -> Callable[[Tree], Review]:
    def review(tree: Tree) -> Review:
        options = msgspec.structs.replace(load_options(tree), select=(rule,))
        return review_trusted(tree, options, cache=NoCache())

    return review


@pytest.mark.parametrize(("rule", "code", "expected"), FIXES)
@pytest.mark.parametrize("imports", [IMPORTS, f"{IMPORTS}, Query"])
def test_a_fix_cures_its_finding(rule: str, code: str, expected: str, imports: str) -> None:
    tree = {"main.py": (HEAD.format(imports=imports) + code).encode()}
    review = reviewer(rule)
    [finding] = review(tree).findings
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SUGGEST
    fixed = prove(finding.fix, tree, finding, review)["main.py"].decode()
    assert expected in fixed
    assert fixed.count("import FastAPI") == 1
    assert review({"main.py": fixed.encode()}).findings == ()
    assert compile(fixed, "main.py", "exec").co_names


@pytest.mark.parametrize(("rule", "code"), NOT_FIXED)
def test_what_cannot_be_fixed_in_one_place_is_left_alone(rule: str, code: str) -> None:
    tree = {"main.py": (HEAD.format(imports=IMPORTS) + code).encode()}
    assert [finding.fix for finding in reviewer(rule)(tree).findings if finding.fix is not None] == []
