"""The fixes of statuses, errors and missing rows cure their finding, bring no other, and keep the style."""

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
import jwt
from fastapi import Depends, FastAPI{imports}
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
bearer = OAuth2PasswordBearer(tokenUrl="token")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


class NotePublic(SQLModel):
    text: str


"""
CREATE = """\
@app.post({arguments})
def create_note(text: str) -> NotePublic:
    with Session(engine) as session:
        note = Note(text=text)
        session.add(note)
        session.commit()
        return NotePublic(text=note.text)
"""
STYLED = """

@app.post("/jobs", status_code={style})
def start() -> int:
    return 1
"""
DELETE = """\
@app.delete("/notes")
def forget() -> None:
    print("gone")
"""
LOOKUP = """\
@app.get("/notes/{{note_id}}/text"{response})
def read_text(note_id: int) -> {answer}:
    with Session(engine) as session:
        {lookup}
"""
KNOWN = """
from http import HTTPStatus

@app.get("/notes/{note_id}/length")
def read_length(note_id: int) -> int:
    with Session(engine) as session:
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException(status_code=HTTPStatus.NOT_FOUND, detail="This note is gone")
        return len(note.text)
"""
ERROR = """\
@app.get("/words/{{word}}")
def read_word(word: str):
    if word == "":
        {error}
    return {{"word": word}}
"""
AUTHENTICATES = """\
def current_user(token: str = Depends(bearer)) -> str:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException({status})


@app.get("/me")
def me(user: str = Depends(current_user)) -> str:
    return user
"""
RAISES = ", HTTPException"
READ = LOOKUP.format(
    response="", answer="str", lookup="note = session.get(Note, note_id)\n        return note.text"
)
RETURNED = LOOKUP.format(
    response="",
    answer="NotePublic",
    lookup="return session.exec(select(Note).where(Note.id == note_id)).first()",
)
CHECKED = """\
        note = session.get(Note, note_id)
        if note is None:
            raise HTTPException({detail})
        return note.text
"""
FIXES = [
    ("BA209", "", CREATE.format(arguments='"/notes"'), '@app.post("/notes", status_code=201)'),
    (
        "BA209",
        "",
        CREATE.format(arguments='\n    "/notes",\n    tags=["notes"]\n'),
        '    tags=["notes"],\n    status_code=201,\n)',
    ),
    ("BA209", "", CREATE.format(arguments='"/notes", status_code=200'), "status_code=201)"),
    (
        "BA209",
        ", status",
        CREATE.format(arguments='"/notes"') + STYLED.format(style="status.HTTP_202_ACCEPTED"),
        '"/notes", status_code=status.HTTP_201_CREATED)',
    ),
    (
        "BA209",
        "",
        "from http import HTTPStatus\n\n\n"
        + CREATE.format(arguments='"/notes"')
        + STYLED.format(style="HTTPStatus.ACCEPTED"),
        '"/notes", status_code=HTTPStatus.CREATED)',
    ),
    ("BA209", ", status", DELETE, '@app.delete("/notes", status_code=status.HTTP_204_NO_CONTENT)'),
    (
        "BA209",
        "",
        STYLED.format(style="201").replace("post", "get"),
        '@app.get("/jobs", status_code=200)',
    ),
    ("BA209", RAISES, AUTHENTICATES.format(status="status_code=403"), "HTTPException(status_code=401)"),
    (
        "BA209",
        RAISES + ", status",
        AUTHENTICATES.format(status='status.HTTP_403_FORBIDDEN, detail="not 403 words"'),
        "HTTPException(status.HTTP_401_UNAUTHORIZED, detail=",
    ),
    (
        "BA212",
        RAISES,
        READ,
        CHECKED.format(detail='status_code=404, detail="Note not found"'),
    ),
    (
        "BA212",
        "",
        READ,
        "from fastapi import Depends, FastAPI, HTTPException\n",
    ),
    (
        "BA212",
        RAISES,
        READ + KNOWN,
        CHECKED.format(detail='status_code=HTTPStatus.NOT_FOUND, detail="This note is gone"'),
    ),
    (
        "BA212",
        RAISES,
        RETURNED,
        "note = session.exec(select(Note).where(Note.id == note_id)).first()\n        if note is None:",
    ),
    ("BA211", RAISES, ERROR.format(error="return HTTPException(404)"), "raise HTTPException(404)"),
    (
        "BA211",
        "",
        ERROR.format(error='return {"error": "no such word"}, 404'),
        'raise HTTPException(status_code=404, detail="no such word")',
    ),
    (
        "BA211",
        RAISES,
        ERROR.format(error='return {"error": "no", "word": word}, 409'),
        'raise HTTPException(status_code=409, detail={"error": "no", "word": word})',
    ),
    (
        "BA211",
        RAISES + ", status",
        ERROR.format(error='return {"detail": "word not found"}'),
        'raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="word not found")',
    ),
]
NOT_FIXED = [
    (
        "BA212",
        RAISES,
        LOOKUP.format(response="", answer="str", lookup="return session.get(Note, note_id).text"),
    ),
    ("BA211", RAISES, ERROR.format(error='return {"error": "full"}')),
    ("BA209", "", CREATE.format(arguments='"/notes",  # the notes\n')),
]


def reviewer(rule: str) -> Callable[[Tree], Review]:
    def review(tree: Tree) -> Review:
        options = msgspec.structs.replace(load_options(tree), select=(rule,))
        return review_trusted(tree, options, cache=NoCache())

    return review


@pytest.mark.parametrize(("rule", "imports", "code", "expected"), FIXES)
def test_a_fix_cures_its_finding(rule: str, imports: str, code: str, expected: str) -> None:
    tree = {"main.py": (HEAD.format(imports=imports) + code).encode()}
    review = reviewer(rule)
    [finding] = review(tree).findings
    assert finding.fix is not None
    assert finding.fix.safety is Safety.SUGGEST
    fixed = prove(finding.fix, tree, finding, review)["main.py"].decode()
    assert expected in fixed
    assert review({"main.py": fixed.encode()}).findings == ()


@pytest.mark.parametrize(("rule", "imports", "code"), NOT_FIXED)
def test_what_cannot_be_fixed_simply_is_left_alone(rule: str, imports: str, code: str) -> None:
    tree = {"main.py": (HEAD.format(imports=imports) + code).encode()}
    assert [finding.fix for finding in reviewer(rule)(tree).findings] == [None]
