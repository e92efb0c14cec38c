from fastapi import HTTPException
from sqlmodel import Session, func, select

from notes.models import Note, Notebook


def list_notebooks(session: Session, owner_id: int, offset: int, limit: int) -> list[Notebook]:
    statement = select(Notebook).where(Notebook.owner_id == owner_id).offset(offset).limit(limit)
    return list(session.exec(statement).all())


def count_notes(session: Session, owner_id: int) -> int:
    statement = select(func.count()).select_from(Note).where(Note.owner_id == owner_id)
    return session.exec(statement.where(Note.deleted_at == None)).one()  # noqa: E711


def owned_notebook(session: Session, notebook_id: int, owner_id: int) -> Notebook:
    notebook = session.get(Notebook, notebook_id)
    if notebook is None or notebook.owner_id != owner_id:
        raise HTTPException(404, "No such notebook")
    return notebook


def notes_of(session: Session, notebook: Notebook) -> list[Note]:
    statement = select(Note).where(Note.notebook_id == notebook.id, Note.deleted_at == None)  # noqa: E711
    return list(session.exec(statement.limit(100)).all())


def note_in(session: Session, notebook: Notebook, note_id: int) -> Note:
    note = session.exec(
        select(Note).where(Note.id == note_id, Note.notebook_id == notebook.id, Note.deleted_at == None)  # noqa: E711
    ).first()
    if note is None:
        raise HTTPException(404, "No such note")
    return note
