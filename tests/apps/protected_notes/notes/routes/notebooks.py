from datetime import datetime, timezone
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query
from sqlmodel import delete, select

from notes.database import SessionDep
from notes.models import Note, Notebook, Reminder
from notes.schemas import NotebookCreate, NotebookPublic, NoteCreate, NotePublic, NoteUpdate
from notes.security import CurrentUser
from notes.services import notebooks

router = APIRouter(prefix="/notebooks", tags=["notebooks"])


@router.get("/", response_model=list[NotebookPublic])
def read_notebooks(
    session: SessionDep,
    current_user: CurrentUser,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(le=100)] = 50,
) -> list[Notebook]:
    return notebooks.list_notebooks(session, current_user.id, offset, limit)


@router.get("/statistics")
def read_statistics(session: SessionDep, current_user: CurrentUser) -> dict[str, int]:
    return {"notes": notebooks.count_notes(session, current_user.id)}


@router.post("/", response_model=NotebookPublic, status_code=201)
def create_notebook(session: SessionDep, current_user: CurrentUser, body: NotebookCreate) -> Notebook:
    notebook = Notebook.model_validate(body, update={"owner_id": current_user.id})
    session.add(notebook)
    session.commit()
    session.refresh(notebook)
    return notebook


@router.get("/{notebook_id}", response_model=NotebookPublic)
def read_notebook(session: SessionDep, current_user: CurrentUser, notebook_id: int) -> Notebook:
    return notebooks.owned_notebook(session, notebook_id, current_user.id)


@router.delete("/{notebook_id}", status_code=204)
def delete_notebook(session: SessionDep, current_user: CurrentUser, notebook_id: int) -> None:
    notebook = notebooks.owned_notebook(session, notebook_id, current_user.id)
    session.exec(delete(Note).where(Note.notebook_id == notebook.id))
    session.delete(notebook)
    session.commit()


@router.get("/{notebook_id}/notes", response_model=list[NotePublic])
def read_notes(session: SessionDep, current_user: CurrentUser, notebook_id: int) -> list[Note]:
    notebook = notebooks.owned_notebook(session, notebook_id, current_user.id)
    return notebooks.notes_of(session, notebook)


@router.post("/{notebook_id}/notes", response_model=NotePublic, status_code=201)
def create_note(
    session: SessionDep, current_user: CurrentUser, notebook_id: int, body: NoteCreate, tasks: BackgroundTasks
) -> Note:
    notebook = notebooks.owned_notebook(session, notebook_id, current_user.id)
    note = Note(**body.model_dump(), notebook_id=notebook.id, owner_id=current_user.id)
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


@router.get("/{notebook_id}/notes/{note_id}", response_model=NotePublic)
def read_note(session: SessionDep, current_user: CurrentUser, notebook_id: int, note_id: int) -> Note:
    notebook = notebooks.owned_notebook(session, notebook_id, current_user.id)
    return notebooks.note_in(session, notebook, note_id)


@router.patch("/{notebook_id}/notes/{note_id}", response_model=NotePublic)
def update_note(
    session: SessionDep, current_user: CurrentUser, notebook_id: int, note_id: int, body: NoteUpdate
) -> Note:
    notebook = notebooks.owned_notebook(session, notebook_id, current_user.id)
    note = notebooks.note_in(session, notebook, note_id)
    for field, value in body.model_dump(exclude_unset=True).items():
        setattr(note, field, value)
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


@router.delete("/{notebook_id}/notes/{note_id}", status_code=204)
def delete_note(session: SessionDep, current_user: CurrentUser, notebook_id: int, note_id: int) -> None:
    note = session.exec(
        select(Note).where(
            Note.id == note_id,
            Note.notebook_id == notebook_id,
            Note.owner_id == current_user.id,
            Note.deleted_at == None,  # noqa: E711
        )
    ).one_or_none()
    if note:
        note.deleted_at = datetime.now(timezone.utc)
        session.add(note)
        session.commit()


@router.post("/{notebook_id}/reminders", status_code=201)
def remind(
    session: SessionDep, current_user: CurrentUser, notebook_id: int, tasks: BackgroundTasks
) -> dict[str, str]:
    notebook = session.get(Notebook, notebook_id)
    if not notebook:
        return {"status": "nothing to remind of"}
    if notebook.owner_id != current_user.id:
        return {"status": "nothing to remind of"}
    session.add(Reminder(message=f"Read {notebook.title}", user_id=current_user.id))
    session.commit()
    return {"status": f"we shall remind you of {notebook.title}"}
