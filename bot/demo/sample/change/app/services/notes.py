import uuid

from sqlmodel import Session, col, select

from app.models.note import Note, NoteCreate, NoteUpdate, now


def find_all(session: Session, owner_id: uuid.UUID, limit: int) -> list[Note]:
    statement = (
        select(Note)
        .where(Note.owner_id == owner_id)
        .order_by(col(Note.created_at).desc())
        .limit(limit)
    )
    return list(session.exec(statement).all())


def find_archived(session: Session, owner_id: uuid.UUID, limit: int) -> list[Note]:
    statement = (
        select(Note)
        .where(Note.owner_id == owner_id, col(Note.archived_at).is_not(None))
        .order_by(col(Note.archived_at).desc())
        .limit(limit)
    )
    return list(session.exec(statement).all())


def find_recent(session: Session, limit: int) -> list[Note]:
    statement = select(Note).order_by(col(Note.created_at).desc()).limit(limit)
    return list(session.exec(statement).all())


def search(session: Session, owner_id: uuid.UUID, text: str, limit: int) -> list[Note]:
    statement = (
        select(Note)
        .where(Note.owner_id == owner_id, col(Note.title).contains(text, autoescape=True))
        .limit(limit)
    )
    return list(session.exec(statement).all())


def find(session: Session, owner_id: uuid.UUID, note_id: uuid.UUID) -> Note | None:
    note = session.get(Note, note_id)
    if note is None or note.owner_id != owner_id:
        return None
    return note


def create(session: Session, owner_id: uuid.UUID, given: NoteCreate) -> Note:
    note = Note.model_validate(given, update={"owner_id": owner_id})
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


def update(session: Session, note: Note, given: NoteUpdate) -> Note:
    note.sqlmodel_update(given.model_dump(exclude_unset=True))
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


def archive(session: Session, note: Note) -> Note:
    note.archived_at = now()
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


def delete(session: Session, note: Note) -> None:
    session.delete(note)
    session.commit()
