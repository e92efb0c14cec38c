from collections.abc import Generator

import jwt
from fastapi import Depends, HTTPException, Path
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session

from app import crud
from app.core import security
from app.core.config import settings
from app.core.db import engine
from app.models import Contact, User

reusable_oauth2 = OAuth2PasswordBearer(tokenUrl=f"{settings.API_V1_STR}/login/access-token")


def get_db() -> Generator[Session, None, None]:
    with Session(engine) as session:
        yield session


def get_current_user(session: Session = Depends(get_db), token: str = Depends(reusable_oauth2)) -> User:
    try:
        payload = jwt.decode(token, settings.SECRET_KEY, algorithms=[security.ALGORITHM])
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=401, detail="Could not validate credentials")
    user = crud.user.get(session, id=int(payload["sub"]))
    if not user:
        raise HTTPException(status_code=401, detail="User not found")
    return user


def get_current_active_user(current_user: User = Depends(get_current_user)) -> User:
    if not current_user.is_active:
        raise HTTPException(status_code=401, detail="Inactive user")
    return current_user


def get_current_active_superuser(current_user: User = Depends(get_current_active_user)) -> User:
    if not current_user.is_superuser:
        raise HTTPException(status_code=403, detail="The user doesn't have enough privileges")
    return current_user


def valid_contact(
    contact_id: int = Path(),
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Contact:
    contact = crud.contact.get(session, id=contact_id)
    if not contact:
        raise HTTPException(status_code=404, detail="Contact not found")
    if not current_user.is_superuser and (contact.owner_id != current_user.id):
        raise HTTPException(status_code=403, detail="Not enough permissions")
    return contact
