import uuid

from sqlmodel import Session, col, select

from app.models.note import Note, NoteCreate, NoteUpdate


def find_all(session: Session, owner_id: uuid.UUID, limit: int) -> list[Note]:
    statement = (
        select(Note)
        .where(Note.owner_id == owner_id)
        .order_by(col(Note.created_at).desc())
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


def delete(session: Session, note: Note) -> None:
    session.delete(note)
    session.commit()
