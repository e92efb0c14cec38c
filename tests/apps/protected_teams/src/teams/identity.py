import os
from typing import Annotated

import jwt
from fastapi import Depends, Header, HTTPException, Path, WebSocket, WebSocketException
from sqlmodel import Session, select

from .storage import open_session
from .tables import Account, Membership, Project

Db = Annotated[Session, Depends(open_session)]
KEY = os.environ["TEAMS_KEY"]


def issue(account_id: int) -> str:
    return jwt.encode({"sub": str(account_id), "exp": 4102444800, "iat": 0}, KEY, "HS256")


def _account(db: Session, token: str) -> Account | None:
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
    return db.get(Account, int(claims["sub"]))


def signed_in(db: Db, authorization: Annotated[str | None, Header()] = None) -> Account:
    if not authorization or not authorization.startswith("Bearer "):
        raise HTTPException(401, "Sign in first")
    account = _account(db, authorization.removeprefix("Bearer "))
    if account is None:
        raise HTTPException(401, "This token is not valid")
    return account


Me = Annotated[Account, Depends(signed_in)]


def staff_only(me: Me) -> None:
    if not me.staff:
        raise HTTPException(403, "Staff only")


def socket_account(db: Db, socket: WebSocket) -> Account:
    account = _account(db, socket.query_params.get("token", ""))
    if account is None:
        raise WebSocketException(1008, "Sign in first")
    return account


class TeamAccess:
    """The caller's membership of the team in the path, with one of the roles if any are given."""

    def __init__(self, *roles: str) -> None:
        self.roles = roles

    def __call__(self, team_id: Annotated[int, Path()], me: Me, db: Db) -> Membership:
        membership = db.exec(
            select(Membership).where(Membership.team_id == team_id, Membership.user_id == me.id)
        ).first()
        if membership is None:
            raise HTTPException(404, "No such team")
        if self.roles and membership.role not in self.roles:
            raise HTTPException(403, "Your role does not allow this")
        return membership


member = TeamAccess()
manager = TeamAccess("owner", "manager")


class Permissions:
    """What an account may do."""

    def __init__(self, me: Me, db: Db) -> None:
        self.me = me
        self.db = db

    def project(self, project_id: int) -> Project:
        project = self.db.get(Project, project_id)
        if project is None:
            raise HTTPException(404, "No such project")
        self.require_membership(project.team_id)
        return project

    def require_membership(self, team_id: int) -> None:
        found = self.db.exec(
            select(Membership).where(Membership.team_id == team_id).where(Membership.user_id == self.me.id)
        ).first()
        if found is None:
            raise HTTPException(404, "No such project")


May = Annotated[Permissions, Depends()]
