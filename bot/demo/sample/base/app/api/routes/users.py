from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, status

from app.api.deps import CurrentUser, SessionDep, get_current_superuser
from app.models.user import User, UserCreate, UserPublic
from app.services import users

router = APIRouter()


@router.post("/signup", response_model=UserPublic, status_code=status.HTTP_201_CREATED)
def sign_up(session: SessionDep, given: UserCreate) -> User:
    if users.find_by_email(session, given.email) is not None:
        raise HTTPException(status.HTTP_409_CONFLICT, detail="This email is already registered")
    return users.create(session, given)


@router.get("/me", response_model=UserPublic)
def read_me(current_user: CurrentUser) -> User:
    return current_user


@router.get("/", response_model=list[UserPublic], dependencies=[Depends(get_current_superuser)])
def read_users(
    session: SessionDep, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> list[User]:
    return users.find_all(session, limit)
