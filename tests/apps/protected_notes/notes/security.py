import hashlib
import hmac
import os
from datetime import datetime, timedelta, timezone
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer

from notes.database import SessionDep
from notes.models import User

SECRET = os.environ["NOTES_SECRET"]
scheme = OAuth2PasswordBearer(tokenUrl="/login")


def hash_password(password: str) -> str:
    salt = os.urandom(16)
    return salt.hex() + hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1).hex()


def verify_password(password: str, hashed: str) -> bool:
    salt = bytes.fromhex(hashed[:32])
    return hmac.compare_digest(
        hashed[32:], hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1).hex()
    )


def create_access_token(user_id: int) -> str:
    now = datetime.now(timezone.utc)
    return jwt.encode({"sub": str(user_id), "iat": now, "exp": now + timedelta(hours=1)}, SECRET, "HS256")


def get_current_user(session: SessionDep, token: Annotated[str, Depends(scheme)]) -> User:
    try:
        payload = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid token")
    user = session.get(User, int(payload["sub"]))
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Unknown user")
    if not user.is_active:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Inactive user")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def require_admin(user: CurrentUser) -> User:
    if not user.is_admin:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Administrators only")
    return user


AdminUser = Annotated[User, Depends(require_admin)]
