import hashlib
import hmac
from datetime import datetime, timedelta, timezone

import jwt

from app.core.config import settings

ALGORITHM = "HS256"


def create_access_token(subject: int) -> str:
    now = datetime.now(timezone.utc)
    to_encode = {"exp": now + timedelta(minutes=30), "iat": now, "sub": str(subject)}
    return jwt.encode(to_encode, settings.SECRET_KEY, algorithm=ALGORITHM)


def get_password_hash(password: str) -> str:
    return hashlib.scrypt(password.encode(), salt=b"0123456789abcdef", n=16384, r=8, p=1).hex()


def verify_password(plain: str, hashed: str) -> bool:
    return hmac.compare_digest(get_password_hash(plain), hashed)
