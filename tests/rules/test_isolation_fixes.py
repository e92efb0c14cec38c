"""The fixes of the isolation rules on their cases: what stands there afterwards, and where there is none.

Each is proved with all rules on isolation: the finding is gone and none of them came.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import ForeignKey, create_engine, delete, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from rules import NoCache, Proof, load_options, prove_fixes, review_trusted
from rules.finding import Safety
from tests.rules.marked import cases

CASES = Path(__file__).parents[1] / "cases"
NAMES = {
    "BA301": "unauthenticated-route",
    "BA305": "unscoped-object-access",
    "BA306": "unscoped-list-query",
    "BA307": "client-supplied-identity",
    "BA308": "owner-field-writable",
    "BA310": "soft-delete-not-filtered",
    "BA328": "missing-privilege-check",
}
ISOLATION = ("BA301", "BA302", "BA305", "BA306", "BA307", "BA308", "BA310", "BA328")
FIXED = [
    ("BA301", "router beside a protected one", "(data: NoteIn, session: SessionDep, user: CurrentUser)"),
    ("BA301", "write without authentication", "note_id: int, session: SessionDep, user: CurrentUser)"),
    ("BA301", "write without authentication", ".where(Note.id == note_id, Note.owner_id == user.id)).one()"),
    ("BA305", "read by id, inline", "    if note is None or note.owner_id != user.id:\n"),
    (
        "BA305",
        "async session, SQLAlchemy 2.0, identity from a cookie",
        "if document is None or document.author_id != user.id:",
    ),
    ("BA305", "query API of SQLAlchemy 1.x", "    if not order or order.account_id != account.id:\n"),
    ("BA305", "many keys in a body", "delete(Note).where(Note.owner_id == user.id).where("),
    ("BA305", "child not tied to the checked parent", "if task is None or task.project_id != project_id:"),
    (
        "BA305",
        "one path without a check",
        '_id != user.id:\n        raise HTTPException(status_code=404, detail="Note not found")\n',
    ),
    ("BA306", "list of everything", "select(Note).where(Note.owner_id == user.id)).all())"),
    ("BA306", "count beside a scoped list", "select(func.count()).where(Note.owner_id == user.id)"),
    ("BA306", "rows owned through a parent", "select(Task).where(Project.owner_id == user.id).join(Project)"),
    ("BA306", "bulk delete", "delete(Note).where(Note.owner_id == user.id))"),
    ("BA307", "from the body into a new row", "Note(text=body.text, owner_id=user.id)"),
    ("BA307", "from a path that nobody compares", "select(Note).where(Note.owner_id == user.id)"),
    ("BA307", "set on a row", "    note.owner_id = user.id"),
    ("BA307", "through a service", "    return notes_of(session, user.id)"),
    ("BA308", "dumped into the constructor", '(**body.model_dump(exclude={"owner_id"}), owner_id=user.id)'),
    ("BA308", "validated from the schema", 'update={"created_by": user.id, "owner_id": user.id})'),
    ("BA308", "sqlmodel_update", 'body.model_dump(exclude_unset=True, exclude={"owner_id"})'),
    ("BA308", "a loop of setattr", 'body.model_dump(exclude_unset=True, exclude={"is_superuser"}).items()'),
    ("BA310", "a list", "select(Note).where(Note.deleted_at.is_(None)).where("),
    ("BA310", "in a service", "select(Note).where(Note.deleted_at.is_(None)).where("),
    ("BA310", "a flag, one against one", "select(Tag).where(Tag.is_deleted.is_(False)).where("),
    ("BA310", "an old query", "session.query(Note).filter(Note.deleted_at.is_(None)).order_by("),
    ("BA328", "an admin path", "def everything(session: SessionDep, user: CurrentUser, admin: Admin)"),
    ("BA328", "an admin router", '@router.post("/purge", dependencies=[Depends(get_admin)])'),
]
NOT_FIXED = [
    (
        "BA305",
        "delete by id, authentication on the decorator",
        "no handler shows how the caller is asked for",
    ),
    ("BA305", "service function in another file", "the handler never has the row in a variable"),
    ("BA305", "repository injected as a dependency", "the row stays in the repository"),
    ("BA305", "background task", "what runs later answers nobody"),
    ("BA305", "websocket", "a websocket is closed, not answered"),
    ("BA306", "query API in a service", "the statement's function does not know the caller"),
    ("BA306", "generic CRUD class, async", "the statement is of every table"),
    ("BA307", "a filter that the client turns on", "for everyone else it would filter, too"),
    ("BA307", "in a dependency", "the handler gets nothing that it could replace"),
    ("BA308", "signing up as superuser", "nobody is signed in whose right it could be"),
    ("BA308", "the table itself as body", "there is no copy to leave it out of"),
    ("BA308", "through a service and a statement", "the service may be called by others"),
    ("BA310", "a row by its key", "there is no statement"),
    ("BA328", "changing a role", "the project has no privileged dependency"),
]


DECORATED = b"""
from fastapi import Depends
from app.core import get_current_user


@app.delete("/notes/{note_id}", dependencies=[Depends(get_current_user)])
def delete_note(note_id: int, session: SessionDep) -> None:
    note = session.get(Note, note_id)
    if note is None:
        raise HTTPException(404)
    session.delete(note)
    session.commit()
"""


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[int]


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf: Mapped[int] = mapped_column(ForeignKey("shelf.id"))


def _proved(code: str, title: str) -> tuple[dict[str, bytes], Proof]:
    document = (CASES / f"{NAMES[code]}.md").read_text(encoding="utf-8")
    project = next(p for p in cases(document, code) if p.title == title)
    options = msgspec.structs.replace(load_options(project.tree), select=ISOLATION)
    before = review_trusted(project.tree, options, cache=NoCache())
    own = [finding for finding in before.findings if finding.rule == code]
    assert own, "the case has findings"
    return project.tree, prove_fixes(project.tree, options, before, own, cache=NoCache())


@pytest.mark.parametrize(("code", "title", "text"), FIXED)
def test_the_fix_is_proved(code: str, title: str, text: str) -> None:
    tree, proof = _proved(code, title)
    assert proof.unproved == ()
    assert [f.fix.safety for f in proof.applied if f.fix] == [Safety.SUGGEST] * len(proof.applied) != []
    changed = "".join(data.decode() for path, data in proof.tree.items() if tree.get(path) != data)
    assert text in changed


@pytest.mark.parametrize(("code", "title", "why"), NOT_FIXED)
def test_there_is_none(code: str, title: str, why: str) -> None:
    tree, proof = _proved(code, title)
    assert proof.applied == (), why
    assert proof.tree == tree


def test_the_caller_is_asked_for_where_only_the_decorator_does() -> None:
    document = (CASES / "unscoped-object-access.md").read_text(encoding="utf-8")
    titles = ("delete by id, authentication on the decorator", "read by id, inline")
    one, other = (next(p for p in cases(document, "BA305") if p.title == title) for title in titles)
    tree = {**other.tree, "app/main.py": other.tree["app/main.py"] + DECORATED}
    assert tree["app/core.py"] == one.tree["app/core.py"]
    options = msgspec.structs.replace(load_options(tree), select=ISOLATION)
    before = review_trusted(tree, options, cache=NoCache())
    proof = prove_fixes(tree, options, before, before.findings, cache=NoCache())
    assert (proof.unproved, len(proof.applied)) == ((), 2)
    text = proof.tree["app/main.py"].decode()
    assert "def delete_note(note_id: int, session: SessionDep, user: CurrentUser) -> None:" in text
    assert text.count("if note is None or note.owner_id != user.id:") == 2


@pytest.mark.parametrize("title", ["owned rows without authentication", "controller without a dependency"])
def test_authentication_alone_is_refused_where_it_would_leave_the_row_open(title: str) -> None:
    _, proof = _proved("BA301", title)
    assert [unproved.reason for unproved in proof.unproved] == ["it would bring BA305"]


def test_criteria_hold_wherever_they_stand_in_the_statement() -> None:
    """What the fixes rely on of SQLAlchemy: a criterion or join may come before what else is chained."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [Shelf(id=1, owner=1), Shelf(id=2, owner=2), Book(id=1, shelf=1), Book(id=2, shelf=2)]
        )
        session.commit()
        books = select(Book).where(Shelf.owner == 2).join(Shelf, Book.shelf == Shelf.id)
        assert [book.id for book in session.scalars(books)] == [2]
        counted = select(func.count()).where(Shelf.owner == 2).select_from(Shelf)
        assert session.scalars(counted).one() == 1
        assert session.query(Shelf).filter(Shelf.owner == 2).filter_by(id=1).all() == []
        session.execute(delete(Book).where(Book.shelf == 1).where(Book.id.in_([1, 2])))
        assert [book.id for book in session.query(Book)] == [2]
