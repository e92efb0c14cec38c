"""Holes and guards side by side, all in the handlers. `ada` owns the rows with id 1, `bob` is the other user."""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.pool import StaticPool
from sqlmodel import Field, Session, SQLModel, create_engine, delete, func, or_, select, update

engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
scheme = OAuth2PasswordBearer(tokenUrl="login")
app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    is_superuser: bool = False


class Project(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
    owner_id: int = Field(foreign_key="user.id")


class Task(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
    project_id: int = Field(foreign_key="project.id")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
    is_public: bool = False
    owner_id: int = Field(foreign_key="user.id")


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep, token: Annotated[str, Depends(scheme)]) -> User:
    user = session.exec(select(User).where(User.name == token)).first()
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def seed() -> None:
    SQLModel.metadata.drop_all(engine)
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        for name in ("ada", "bob"):
            user = User(name=name)
            session.add(user)
            session.flush()
            project = Project(text=f"project of {name}", owner_id=user.id)
            session.add(project)
            session.add(Note(text=f"note of {name}", owner_id=user.id))
            session.flush()
            session.add(Task(text=f"task of {name}", project_id=project.id))
        session.commit()


@app.get("/open/notes/{note_id}")
def read_open(note_id: int, session: SessionDep, user: CurrentUser) -> Note:
    return session.get_one(Note, note_id)


@app.get("/notes/{note_id}")
def read_note(note_id: int, session: SessionDep, user: CurrentUser) -> Note:
    note = session.get(Note, note_id)
    if note is None or note.owner_id != user.id:
        raise HTTPException(404)
    return note


@app.get("/roles/notes/{note_id}")
def read_by_role(note_id: int, session: SessionDep, user: CurrentUser) -> Note:
    note = session.get_one(Note, note_id)
    if not user.is_superuser:
        if note.owner_id != user.id:
            raise HTTPException(403)
    return note


@app.get("/public/notes/{note_id}")
def read_public(note_id: int, session: SessionDep, user: CurrentUser) -> Note:
    note = session.exec(
        select(Note).where(Note.id == note_id, or_(Note.is_public == True, Note.owner_id == user.id))
    ).first()
    if note is None:
        raise HTTPException(404)
    return note


@app.put("/open/notes/{note_id}")
def write_open(note_id: int, text: str, session: SessionDep, user: CurrentUser) -> None:
    session.exec(update(Note).where(Note.id == note_id).values(text=text))
    session.commit()


@app.put("/notes/{note_id}")
def write_note(note_id: int, text: str, session: SessionDep, user: CurrentUser) -> None:
    session.exec(update(Note).where(Note.id == note_id, Note.owner_id == user.id).values(text=text))
    session.commit()


@app.delete("/late/notes/{note_id}")
def delete_late(note_id: int, session: SessionDep, user: CurrentUser) -> None:
    note = session.get_one(Note, note_id)
    owner = note.owner_id
    session.delete(note)
    session.commit()
    if owner != user.id:
        raise HTTPException(403)


@app.delete("/early/notes/{note_id}")
def delete_early(note_id: int, session: SessionDep, user: CurrentUser) -> None:
    note = session.get_one(Note, note_id)
    session.delete(note)
    if note.owner_id != user.id:
        raise HTTPException(403)
    session.commit()


@app.get("/open/projects/{project_id}/tasks/{task_id}")
def read_loose_task(project_id: int, task_id: int, session: SessionDep, user: CurrentUser) -> Task:
    project = session.exec(select(Project).where(Project.owner_id == user.id)).first()
    if project is None:
        raise HTTPException(404)
    return session.get_one(Task, task_id)


@app.get("/projects/{project_id}/tasks/{task_id}")
def read_tied_task(project_id: int, task_id: int, session: SessionDep, user: CurrentUser) -> Task:
    project = session.get(Project, project_id)
    if project is None or project.owner_id != user.id:
        raise HTTPException(404)
    return session.exec(select(Task).where(Task.id == task_id, Task.project_id == project_id)).one()


@app.get("/open/projects/{project_id}/tasks")
def read_tasks_openly(project_id: int, session: SessionDep, user: CurrentUser) -> list[Task]:
    return list(session.exec(select(Task).where(Task.project_id == project_id)).all())


@app.get("/open/notes")
def list_open(session: SessionDep, user: CurrentUser) -> list[Note]:
    return list(session.exec(select(Note)).all())


@app.get("/notes")
def list_notes(session: SessionDep, user: CurrentUser) -> list[Note]:
    statement = select(Note)
    if not user.is_superuser:
        statement = statement.where(Note.owner_id == user.id)
    return list(session.exec(statement).all())


@app.get("/optional/notes")
def list_optionally(session: SessionDep, user: CurrentUser, mine: bool = False) -> list[Note]:
    statement = select(Note)
    if mine:
        statement = statement.where(Note.owner_id == user.id)
    return list(session.exec(statement).all())


@app.get("/tasks")
def list_tasks(session: SessionDep, user: CurrentUser) -> list[Task]:
    projects = session.exec(select(Project.id).where(Project.owner_id == user.id)).all()
    return list(session.exec(select(Task).where(Task.project_id.in_(projects))).all())


@app.delete("/open/notes")
def delete_all(session: SessionDep, user: CurrentUser) -> None:
    session.exec(delete(Note))
    session.commit()


@app.delete("/notes")
def delete_own(session: SessionDep, user: CurrentUser) -> None:
    session.exec(delete(Note).where(Note.owner_id == user.id))
    session.commit()


@app.get("/users/{user_id}/count")
def count_own(user_id: int, session: SessionDep, user: CurrentUser) -> int:
    if user_id != user.id:
        raise HTTPException(403)
    return session.exec(select(func.count()).select_from(Note).where(Note.owner_id == user_id)).one()
