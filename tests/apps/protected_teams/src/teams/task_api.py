from fastapi import APIRouter, HTTPException
from sqlmodel import select

from .identity import Db, May, Me
from .messages import DraftIn, DraftOut, TaskChange, TaskIn, TaskOut
from .tables import Draft, Membership, Project, Task

router = APIRouter(prefix="/projects/{project_id}/tasks")
drafts = APIRouter(prefix="/drafts")


@router.get("", response_model=list[TaskOut])
def tasks(db: Db, may: May, project_id: int):
    project = may.project(project_id)
    return db.exec(select(Task).where(Task.project_id == project.id).limit(200)).all()


@router.post("", response_model=TaskOut, status_code=201)
def add_task(db: Db, may: May, project_id: int, body: TaskIn):
    project = may.project(project_id)
    task = Task(**body.model_dump(), project_id=project.id)
    db.add(task)
    db.commit()
    db.refresh(task)
    return task


@router.get("/{task_id}", response_model=TaskOut)
def one_task(db: Db, may: May, project_id: int, task_id: int):
    project = may.project(project_id)
    task = db.exec(select(Task).where(Task.id == task_id, Task.project_id == project.id)).first()
    if task is None:
        raise HTTPException(404, "No such task")
    return task


@router.patch("/{task_id}", response_model=TaskOut)
def change_task(db: Db, may: May, project_id: int, task_id: int, body: TaskChange):
    may.project(project_id)
    task = db.get(Task, task_id)
    if task is None or task.project_id != project_id:
        raise HTTPException(404, "No such task")
    for key, value in body.model_dump(exclude_unset=True).items():
        setattr(task, key, value)
    db.add(task)
    db.commit()
    db.refresh(task)
    return task


@router.delete("/{task_id}", status_code=204)
def drop_task(db: Db, me: Me, project_id: int, task_id: int) -> None:
    task = db.exec(
        select(Task)
        .join(Project, Project.id == Task.project_id)
        .join(Membership, Membership.team_id == Project.team_id)
        .where(Task.id == task_id)
        .where(Task.project_id == project_id)
        .where(Membership.user_id == me.id)
    ).first()
    if task is None:
        raise HTTPException(404, "No such task")
    db.delete(task)
    db.commit()


@drafts.get("", response_model=list[DraftOut])
def my_drafts(db: Db, me: Me):
    return db.exec(select(Draft).where(Draft.account_id == me.id).limit(50)).all()


@drafts.post("", response_model=DraftOut, status_code=201)
def add_draft(db: Db, me: Me, body: DraftIn):
    draft = Draft(**body.model_dump(), account_id=me.id)
    db.add(draft)
    db.commit()
    db.refresh(draft)
    return draft


@drafts.get("/{draft_id}", response_model=DraftOut)
def one_draft(db: Db, me: Me, draft_id: int):
    draft = db.get(Draft, draft_id)
    if draft is None:
        raise HTTPException(404, "No such draft")
    if draft.account_id != me.id:
        raise HTTPException(404, "No such draft")
    return draft


@drafts.put("/{draft_id}", response_model=DraftOut)
def change_draft(db: Db, me: Me, draft_id: int, body: DraftIn):
    draft = db.exec(select(Draft).where(Draft.id == draft_id, Draft.account_id == me.id)).first()
    if draft is None:
        raise HTTPException(404, "No such draft")
    draft.sqlmodel_update(body.model_dump())
    db.add(draft)
    db.commit()
    db.refresh(draft)
    return draft
