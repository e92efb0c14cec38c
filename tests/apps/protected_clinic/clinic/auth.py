import os
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes
from sqlalchemy.ext.asyncio import AsyncSession

from clinic.orm import Practitioner, get_session

JWT_KEY = os.environ["CLINIC_JWT_KEY"]
oauth2 = OAuth2PasswordBearer(tokenUrl="token", scopes={"manage": "Manage practitioners", "audit": "Read all"})


def make_token(practitioner_id: int) -> str:
    return jwt.encode({"sub": str(practitioner_id), "iat": 0, "exp": 4102444800}, JWT_KEY, algorithm="HS256")


async def get_practitioner(
    security_scopes: SecurityScopes,
    token: Annotated[str, Depends(oauth2)],
    session: Annotated[AsyncSession, Depends(get_session)],
) -> Practitioner:
    try:
        payload = jwt.decode(token, JWT_KEY, algorithms=["HS256"])
        practitioner_id = int(payload["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(401, "Could not validate credentials")
    practitioner = await session.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise HTTPException(401, "Could not validate credentials")
    for scope in security_scopes.scopes:
        if scope not in practitioner.scopes.split():
            raise HTTPException(403, "Not enough permissions")
    return practitioner


async def get_active_practitioner(
    practitioner: Annotated[Practitioner, Security(get_practitioner)],
) -> Practitioner:
    if practitioner.disabled:
        raise HTTPException(401, "This account is disabled")
    return practitioner


SessionDep = Annotated[AsyncSession, Depends(get_session)]
Doctor = Annotated[Practitioner, Depends(get_active_practitioner)]
Manager = Annotated[Practitioner, Security(get_practitioner, scopes=["manage"])]
