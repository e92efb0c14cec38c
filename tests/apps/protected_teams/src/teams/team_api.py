from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, WebSocket
from sqlmodel import delete, func, select

from .identity import Db, Me, manager, member, signed_in, socket_account, staff_only
from .messages import AccountOut, MemberIn, ProfileIn, ProjectIn, ProjectOut, TeamOut
from .tables import Account, Membership, Project, Task, Team

router = APIRouter()


@router.get("/teams", response_model=list[TeamOut])
def my_teams(db: Db, me: Me):
    statement = select(Team).join(Membership, Membership.team_id == Team.id).where(Membership.user_id == me.id)
    return db.exec(statement.limit(100)).all()


@router.get("/teams/{team_id}", dependencies=[Depends(member)], response_model=TeamOut)
def one_team(db: Db, team_id: int):
    return db.get(Team, team_id)


@router.put("/teams/{team_id}", dependencies=[Depends(manager)], response_model=TeamOut)
def rename_team(db: Db, team_id: int, body: ProjectIn):
    team = db.get(Team, team_id)
    team.name = body.name
    db.add(team)
    db.commit()
    db.refresh(team)
    return team


@router.get("/teams/{team_id}/members", response_model=list[AccountOut])
def members(db: Db, membership: Annotated[Membership, Depends(member)]):
    statement = select(Account).join(Membership, Membership.user_id == Account.id)
    return db.exec(statement.where(Membership.team_id == membership.team_id).limit(100)).all()


@router.post("/teams/{team_id}/members", dependencies=[Depends(manager)], status_code=201)
def add_member(db: Db, team_id: int, body: MemberIn) -> AccountOut:
    account = db.get(Account, body.user_id)
    if account is None:
        raise HTTPException(404, "No such account")
    db.add(Membership(team_id=team_id, user_id=account.id, role=body.role))
    db.commit()
    return AccountOut(id=account.id, name=account.name)


@router.delete("/teams/{team_id}/members/{user_id}", dependencies=[Depends(manager)], status_code=204)
def remove_member(db: Db, team_id: int, user_id: int) -> None:
    db.exec(delete(Membership).where(Membership.team_id == team_id, Membership.user_id == user_id))
    db.commit()


@router.get("/teams/{team_id}/projects", dependencies=[Depends(member)], response_model=list[ProjectOut])
def team_projects(db: Db, team_id: int):
    return db.exec(select(Project).where(Project.team_id == team_id).limit(100)).all()


@router.post("/teams/{team_id}/projects", dependencies=[Depends(member)], response_model=ProjectOut)
def add_project(db: Db, team_id: int, body: ProjectIn):
    project = Project(name=body.name, team_id=team_id)
    db.add(project)
    db.commit()
    db.refresh(project)
    return project


@router.get("/teams/{team_id}/projects/{project_id}", dependencies=[Depends(member)], response_model=ProjectOut)
def team_project(db: Db, team_id: int, project_id: int):
    project = db.exec(
        select(Project).where(Project.id == project_id, Project.team_id == team_id)
    ).one_or_none()
    if project is None:
        raise HTTPException(404, "No such project")
    return project


@router.delete("/teams/{team_id}/projects/{project_id}", dependencies=[Depends(manager)], status_code=204)
def drop_project(db: Db, team_id: int, project_id: int) -> None:
    project = db.get(Project, project_id)
    if project is None or project.team_id != team_id:
        raise HTTPException(404, "No such project")
    db.delete(project)
    db.commit()


@router.get("/teams/{team_id}/progress")
def progress(db: Db, membership: Annotated[Membership, Depends(member)]) -> dict[str, int]:
    statement = select(func.count()).select_from(Task).join(Project, Project.id == Task.project_id)
    return {"tasks": db.exec(statement.where(Project.team_id == membership.team_id)).one()}


@router.get("/profile", response_model=AccountOut)
def profile(me: Me):
    return me


@router.patch("/profile", response_model=AccountOut)
def change_profile(db: Db, me: Me, body: ProfileIn):
    for key, value in body.model_dump(exclude_unset=True).items():
        setattr(me, key, value)
    db.add(me)
    db.commit()
    db.refresh(me)
    return me


@router.get("/holidays", dependencies=[Depends(signed_in)])
def holidays() -> list[str]:
    return ["2026-01-01"]


@router.get("/staff/accounts", dependencies=[Depends(staff_only)], response_model=list[AccountOut])
def accounts(db: Db):
    return db.exec(select(Account).limit(100)).all()


@router.delete("/staff/teams/{team_id}", dependencies=[Depends(staff_only)], status_code=204)
def delete_team(db: Db, team_id: int) -> None:
    team = db.get(Team, team_id)
    if team is None:
        raise HTTPException(404, "No such team")
    db.exec(delete(Membership).where(Membership.team_id == team_id))
    db.delete(team)
    db.commit()


@router.post("/staff/accounts/{account_id}/staff", status_code=204)
def make_staff(db: Db, me: Me, account_id: int) -> None:
    if not me.staff:
        raise HTTPException(403, "Staff only")
    account = db.get(Account, account_id)
    if account is None:
        raise HTTPException(404, "No such account")
    account.staff = True
    db.add(account)
    db.commit()


@router.websocket("/teams/{team_id}/feed")
async def feed(socket: WebSocket, team_id: int, db: Db, me: Annotated[Account, Depends(socket_account)]) -> None:
    membership = db.exec(
        select(Membership).where(Membership.team_id == team_id, Membership.user_id == me.id)
    ).first()
    if membership is None:
        await socket.close(1008)
        return
    await socket.accept()
    for project in db.exec(select(Project).where(Project.team_id == team_id).limit(100)).all():
        await socket.send_text(project.name)
    await socket.close()
