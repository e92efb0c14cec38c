from datetime import UTC, datetime, timedelta

import jwt
from fastapi import HTTPException
from settings import KEY, MINUTES, REFRESH_KEY

USED: dict[str, bool] = {}


class Tokens:
    def access(self, subject: str, minutes: int = MINUTES) -> str:
        now = datetime.now(UTC)
        end = datetime.now(UTC) + timedelta(minutes=minutes)  # guards claims
        claims = {"sub": subject, "aud": "shop", "iat": now, "exp": end}  # guards claims
        return jwt.encode(claims, KEY, algorithm="HS256")  # sink claims

    def sign(self, claims: dict[str, object], key: str) -> str:
        payload = claims.copy()
        payload.update({"iat": datetime.now(UTC)})
        return jwt.encode(payload, key, algorithm="HS256")  # sink refreshed

    def refresh(self, subject: str) -> str:
        life = datetime.now(UTC) + timedelta(days=30)
        return self.sign({"sub": subject, "exp": life}, REFRESH_KEY)

    def read(self, token: str) -> str:
        try:
            claims = jwt.decode(token, KEY, algorithms=["HS256"], audience="shop")  # guards access
        except jwt.PyJWTError as error:
            raise HTTPException(401) from error
        return str(claims["sub"])

    def renew(self, token: str) -> str:
        claims = jwt.decode(token, REFRESH_KEY, algorithms=["HS256"])  # guards renewal
        if token in USED:
            raise HTTPException(401)
        self.revoke(token)
        return str(claims["sub"])

    def revoke(self, token: str) -> None:
        USED[token] = True
