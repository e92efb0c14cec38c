from fastapi import APIRouter, Depends, HTTPException
from sqlmodel import select

from notes.database import SessionDep
from notes.models import Reminder, User
from notes.schemas import (
    Credentials,
    Registration,
    ReminderCreate,
    ReminderPublic,
    Token,
    UserPublic,
    UserUpdate,
)
from notes.security import (
    AdminUser,
    CurrentUser,
    create_access_token,
    get_current_user,
    hash_password,
    verify_password,
)

router = APIRouter()


@router.post("/login")
def login(session: SessionDep, credentials: Credentials) -> Token:
    user = session.exec(select(User).where(User.email == credentials.email)).first()
    if user is None or not verify_password(credentials.password, user.hashed_password):
        raise HTTPException(401, "Wrong email or password")
    return Token(access_token=create_access_token(user.id))


@router.post("/register", response_model=UserPublic, status_code=201)
def register(session: SessionDep, body: Registration) -> User:
    user = User(email=body.email, hashed_password=hash_password(body.password))
    session.add(user)
    session.commit()
    session.refresh(user)
    return user


@router.get("/me", response_model=UserPublic)
def read_me(current_user: CurrentUser) -> User:
    return current_user


@router.patch("/me", response_model=UserPublic)
def update_me(session: SessionDep, current_user: CurrentUser, body: UserUpdate) -> User:
    current_user.sqlmodel_update(body.model_dump(exclude_unset=True))
    session.add(current_user)
    session.commit()
    session.refresh(current_user)
    return current_user


@router.get("/me/reminders", response_model=list[ReminderPublic])
def read_reminders(session: SessionDep, current_user: CurrentUser) -> list[Reminder]:
    return list(session.exec(select(Reminder).where(Reminder.user_id == current_user.id).limit(100)).all())


@router.post("/me/reminders", response_model=ReminderPublic, status_code=201)
def create_reminder(session: SessionDep, current_user: CurrentUser, body: ReminderCreate) -> Reminder:
    reminder = Reminder(**body.model_dump(), user_id=current_user.id)
    session.add(reminder)
    session.commit()
    session.refresh(reminder)
    return reminder


@router.get("/limits", dependencies=[Depends(get_current_user)])
def read_limits() -> dict[str, int]:
    return {"notes": 1000, "notebooks": 50}


@router.get("/admin/users", response_model=list[UserPublic])
def read_users(session: SessionDep, _: AdminUser) -> list[User]:
    return list(session.exec(select(User).limit(100)).all())


@router.post("/admin/users/{user_id}/deactivate", response_model=UserPublic)
def deactivate(session: SessionDep, admin: AdminUser, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "No such user")
    user.is_active = False
    session.add(user)
    session.commit()
    session.refresh(user)
    return user


@router.delete("/admin/users/{user_id}", status_code=204)
def delete_user(session: SessionDep, admin: AdminUser, user_id: int) -> None:
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "No such user")
    session.delete(user)
    session.commit()
