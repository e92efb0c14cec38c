import os

import jwt
from fastapi import Cookie, Depends, HTTPException
from sqlalchemy.orm import Session

from models import File, Folder, User, database_session

COOKIE_KEY = os.environ["FILES_COOKIE_KEY"]


def cookie_for(user_id: int) -> str:
    return jwt.encode({"sub": str(user_id), "iat": 0, "exp": 4102444800}, COOKIE_KEY, algorithm="HS256")


def logged_in_user(
    session_cookie: str | None = Cookie(default=None), session: Session = Depends(database_session)
) -> User:
    if session_cookie is None:
        raise HTTPException(401, detail="Log in first")
    try:
        claims = jwt.decode(session_cookie, COOKIE_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401, detail="Log in again")
    user = session.query(User).filter(User.id == int(claims["sub"])).first()
    if user is None:
        raise HTTPException(401, detail="Log in again")
    return user


def superuser(user: User = Depends(logged_in_user)) -> User:
    if not user.is_superuser:
        raise HTTPException(403, detail="Superusers only")
    return user


class Owned:
    """A folder of the caller, from the path."""

    def __init__(self, include_deleted: bool = False) -> None:
        self.include_deleted = include_deleted

    def __call__(
        self,
        folder_id: int,
        user: User = Depends(logged_in_user),
        session: Session = Depends(database_session),
    ) -> Folder:
        query = session.query(Folder).filter(Folder.id == folder_id, Folder.created_by == user.id)
        if not self.include_deleted:
            query = query.filter(Folder.is_deleted.is_(False))
        folder = query.one_or_none()
        if folder is None:
            raise HTTPException(404, detail="No such folder")
        return folder


owned_folder = Owned()
trashed_folder = Owned(include_deleted=True)


def owned_file(
    file_id: int, user: User = Depends(logged_in_user), session: Session = Depends(database_session)
) -> File:
    file = session.get(File, file_id)
    if file is None or file.is_deleted:
        raise HTTPException(404, detail="No such file")
    if file.folder.created_by != user.id:
        raise HTTPException(404, detail="No such file")
    return file
