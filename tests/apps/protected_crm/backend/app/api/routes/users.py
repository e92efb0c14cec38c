from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from sqlmodel import Session, func, select

from app import crud
from app.api.deps import get_current_active_superuser, get_current_active_user, get_db
from app.core import security
from app.models import (
    Message,
    Setting,
    Token,
    User,
    UserPublic,
    UserRegister,
    UsersPublic,
    UserUpdateMe,
)

router = APIRouter()


@router.post("/login/access-token")
def login(session: Session = Depends(get_db), form_data: OAuth2PasswordRequestForm = Depends()) -> Token:
    user = crud.user.get_by_email(session, form_data.username)
    if not user or not security.verify_password(form_data.password, user.hashed_password):
        raise HTTPException(status_code=401, detail="Incorrect email or password")
    return Token(access_token=security.create_access_token(user.id))


@router.post("/users/signup", response_model=UserPublic)
def register_user(user_in: UserRegister, session: Session = Depends(get_db)) -> Any:
    user = User.model_validate(
        user_in, update={"hashed_password": security.get_password_hash(user_in.password)}
    )
    session.add(user)
    session.commit()
    session.refresh(user)
    return user


@router.get("/users/me", response_model=UserPublic)
def read_user_me(current_user: User = Depends(get_current_active_user)) -> Any:
    return current_user


@router.patch("/users/me", response_model=UserPublic)
def update_user_me(
    user_in: UserUpdateMe,
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    return crud.user.update(session, db_obj=current_user, obj_in=user_in)


@router.get("/users/", dependencies=[Depends(get_current_active_superuser)], response_model=UsersPublic)
def read_users(session: Session = Depends(get_db), skip: int = 0, limit: int = 100) -> Any:
    count = session.exec(select(func.count()).select_from(User)).one()
    return UsersPublic(data=crud.user.get_multi(session, skip=skip, limit=limit), count=count)


@router.get("/users/{user_id}", response_model=UserPublic)
def read_user_by_id(
    user_id: int,
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    user = crud.user.get(session, id=user_id)
    if user == current_user:
        return user
    if not current_user.is_superuser:
        raise HTTPException(status_code=403, detail="The user doesn't have enough privileges")
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user


@router.delete("/users/{user_id}", dependencies=[Depends(get_current_active_superuser)])
def delete_user(user_id: int, session: Session = Depends(get_db)) -> Message:
    user = crud.user.get(session, id=user_id)
    if not user:
        raise HTTPException(status_code=404, detail="User not found")
    crud.user.remove(session, db_obj=user)
    return Message(message="User deleted")


@router.post("/users/{user_id}/promote", response_model=UserPublic)
def promote_user(
    user_id: int,
    session: Session = Depends(get_db),
    admin: User = Depends(get_current_active_superuser),
) -> Any:
    user = crud.user.get(session, id=user_id)
    if not user:
        raise HTTPException(status_code=404, detail="User not found")
    user.is_superuser = True
    session.add(user)
    session.commit()
    session.refresh(user)
    return user


@router.get("/countries", dependencies=[Depends(get_current_active_user)])
def read_countries() -> list[str]:
    return ["AT", "CH", "DE"]


@router.put("/admin/settings/{setting_id}", dependencies=[Depends(get_current_active_superuser)])
def change_setting(setting_id: int, value: str, session: Session = Depends(get_db)) -> Message:
    setting = crud.setting.get(session, id=setting_id)
    if setting is None:
        raise HTTPException(status_code=404, detail="Setting not found")
    setting.value = value
    session.add(setting)
    session.commit()
    return Message(message="Setting changed")
