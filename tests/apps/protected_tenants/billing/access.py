import os
from dataclasses import dataclass
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import APIKeyHeader
from sqlalchemy import select

from billing.database import Session, User, get_db

api_key_header = APIKeyHeader(name="X-Api-Key", auto_error=False)
SIGNING_KEY = os.environ["BILLING_KEY"]


def sign(user_id: int) -> str:
    return jwt.encode({"sub": str(user_id), "iat": 0, "exp": 4102444800}, SIGNING_KEY, algorithm="HS256")


def authenticate(
    request: Request,
    key: Annotated[str | None, Security(api_key_header)],
    db: Annotated[Session, Depends(get_db)],
) -> None:
    if key is None:
        raise HTTPException(status_code=401, detail="An API key is needed")
    try:
        claims = jwt.decode(key, SIGNING_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=401, detail="This API key is not valid")
    user = db.scalars(select(User).where(User.id == int(claims["sub"]))).one_or_none()
    if user is None:
        raise HTTPException(status_code=401, detail="This API key is not valid")
    request.state.user = user


@dataclass
class Scope:
    """The tenant on whose behalf a request is made."""

    tenant_id: int
    user_id: int
    role: str


def current_scope(request: Request) -> Scope:
    user = request.state.user
    return Scope(tenant_id=user.tenant_id, user_id=user.id, role=user.role)


CurrentScope = Annotated[Scope, Depends(current_scope)]
Database = Annotated[Session, Depends(get_db)]


def require_accountant(scope: CurrentScope) -> Scope:
    if scope.role != "accountant":
        raise HTTPException(status_code=403, detail="Accountants only")
    return scope


Accountant = Annotated[Scope, Depends(require_accountant)]
