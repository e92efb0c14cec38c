from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from store import Store, store
from tokens import TokenService

Documents = Annotated[Store, Depends(store)]
Tokens = Annotated[TokenService, Depends(TokenService)]
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def reader(bearer: Bearer, tokens: Tokens, documents: Documents) -> str:
    try:
        claims = tokens.read(bearer.credentials)
    except jwt.PyJWTError:
        raise HTTPException(401, detail="Please sign in") from None
    if claims["kind"] != "access" or documents.is_revoked(claims["jti"]):
        raise HTTPException(401, detail="Please sign in")
    return claims["sub"]


Reader = Annotated[str, Depends(reader)]
