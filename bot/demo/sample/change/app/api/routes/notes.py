import uuid
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, status

from app.api.deps import CurrentUser, SessionDep
from app.models.note import Note, NoteCreate, NotePublic, NoteShare, NoteUpdate
from app.services import notes, projects

router = APIRouter()


@router.get("/", response_model=list[NotePublic])
def read_notes(
    session: SessionDep, current_user: CurrentUser, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> list[Note]:
    return notes.find_all(session, current_user.id, limit)


@router.post("/", response_model=NotePublic, status_code=status.HTTP_201_CREATED)
def create_note(session: SessionDep, current_user: CurrentUser, given: NoteCreate) -> Note:
    if projects.find(session, current_user.id, given.project_id) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Project not found")
    return notes.create(session, current_user.id, given)


@router.get("/archived", response_model=list[NotePublic])
def read_archived_notes(session: SessionDep, current_user: CurrentUser) -> list[Note]:
    return notes.find_archived(session, current_user.id, limit=100)


@router.get("/recent", response_model=list[NotePublic])
def read_recent_notes(session: SessionDep, current_user: CurrentUser) -> list[Note]:
    return notes.find_recent(session, limit=20)


@router.get("/{note_id}", response_model=NotePublic)
def read_note(session: SessionDep, current_user: CurrentUser, note_id: uuid.UUID) -> Note:
    note = session.get(Note, note_id)
    if note is None or note.owner_id != current_user.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Note not found")
    return note


@router.patch("/{note_id}", response_model=NotePublic)
def update_note(
    session: SessionDep, current_user: CurrentUser, note_id: uuid.UUID, given: NoteUpdate
) -> Note:
    note = notes.find(session, current_user.id, note_id)
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Note not found")
    return notes.update(session, note, given)


@router.delete("/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_note(session: SessionDep, current_user: CurrentUser, note_id: uuid.UUID) -> None:
    note = notes.find(session, current_user.id, note_id)
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Note not found")
    notes.delete(session, note)


@router.post("/{note_id}/share")
def share_note(session: SessionDep, current_user: CurrentUser, note_id: uuid.UUID) -> NoteShare:
    note = session.get(Note, note_id)
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Note not found")
    return NoteShare(link=f"https://notebook.example.com/shared/{note.id}#{note.title}")


@router.post("/{note_id}/archive", response_model=NotePublic)
def archive_note(session: SessionDep, current_user: CurrentUser, note_id: uuid.UUID) -> Note:
    note = notes.find(session, current_user.id, note_id)
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Note not found")
    return notes.archive(session, note)


@router.get("/search", response_model=list[NotePublic])
def search_notes(
    session: SessionDep, current_user: CurrentUser, text: Annotated[str, Query(max_length=100)]
) -> list[Note]:
    return notes.search(session, current_user.id, text, limit=50)
