import uuid
from datetime import datetime, timezone
from typing import Any

import jwt
from pydantic import BaseModel
from settings import settings


class Claims(BaseModel):
    sub: str
    kind: str
    jti: str
    exp: datetime
    iat: datetime
    aud: str


class TokenService:
    def issue(self, subject: str, kind: str) -> str:
        now = datetime.now(timezone.utc)
        life = settings.access_life if kind == "access" else settings.refresh_life
        claims = Claims(
            sub=subject,
            kind=kind,
            jti=uuid.uuid4().hex,
            exp=now + life,
            iat=now,
            aud=settings.audience,
        )
        return jwt.encode(claims.model_dump(), settings.documents_secret, algorithm=settings.algorithm)

    def read(self, token: str) -> dict[str, Any]:
        return jwt.decode(
            token,
            settings.documents_secret,
            algorithms=["HS256"],
            audience=settings.audience,
        )

    def read_expired(self, token: str) -> dict[str, Any]:
        return jwt.decode(
            token,
            settings.documents_secret,
            algorithms=["HS256"],
            audience=settings.audience,
            options={"verify_exp": False},
        )
