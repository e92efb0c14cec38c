"""The ways in which a route can, or only seems to, authenticate. Nothing is public by name here."""

import functools
import secrets
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, HTTPException, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer

KEYS = {"ada": "1", "bob": "2"}
SECRET = "k3y"
scheme = OAuth2PasswordBearer(tokenUrl="login")
lenient = OAuth2PasswordBearer(tokenUrl="login", auto_error=False)


def current_user(token: Annotated[str, Depends(scheme)]) -> str:
    if token not in KEYS:
        raise HTTPException(401)
    return token


def maybe_user(token: Annotated[str | None, Depends(lenient)]) -> str | None:
    return token if token in KEYS else None


def strict_user(user: Annotated[str | None, Depends(maybe_user)]) -> str:
    if user is None:
        raise HTTPException(401)
    return user


def cookie_user(session_id: Annotated[str | None, Cookie()] = None) -> str:
    if session_id not in KEYS:
        raise HTTPException(401)
    return session_id


def header_key(x_api_key: Annotated[str | None, Header()] = None) -> None:
    if x_api_key is None or not secrets.compare_digest(x_api_key, SECRET):
        raise HTTPException(403)


def raw_header(request: Request) -> str:
    header = request.headers.get("Authorization")
    if not header:
        raise HTTPException(401)
    return header


def require(role: str):
    def check(user: Annotated[str, Depends(current_user)]) -> str:
        if user != role:
            raise HTTPException(403)
        return user

    return check


class Gate:
    def __call__(self, user: Annotated[str, Depends(current_user)]) -> str:
        return user


class Bearer(HTTPBearer):
    async def __call__(self, request: Request) -> HTTPAuthorizationCredentials | None:
        credentials = await super().__call__(request)
        if credentials is None or credentials.credentials not in KEYS:
            raise HTTPException(403)
        return credentials


def claimed_user(user_id: int) -> int:
    if user_id < 0:
        raise HTTPException(401)
    return user_id


def language(accept_language: Annotated[str | None, Header()] = None) -> str:
    return accept_language or "en"


def signed_in(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if kwargs["request"].headers.get("Authorization") is None:
            raise HTTPException(401)
        return function(*args, **kwargs)

    return wrapper


app = FastAPI()
inside = APIRouter(prefix="/inside", dependencies=[Depends(current_user)])
outside = APIRouter(prefix="/outside")


@app.get("/a/parameter")
def parameter(user: Annotated[str, Depends(current_user)]):
    return user


@app.get("/a/decorator", dependencies=[Depends(current_user)])
def decorator():
    return 1


@app.get("/a/security")
def security(user: Annotated[str, Security(current_user, scopes=["a"])]):
    return user


@app.get("/a/strict")
def strict(user: Annotated[str, Depends(strict_user)]):
    return user


@app.get("/a/optional")
def optional(user: Annotated[str | None, Depends(maybe_user)]):
    return user


@app.get("/a/cookie")
def cookie(user: Annotated[str, Depends(cookie_user)]):
    return user


@app.get("/a/key", dependencies=[Depends(header_key)])
def key():
    return 1


@app.get("/a/raw")
def raw(header: Annotated[str, Depends(raw_header)]):
    return header


@app.get("/a/closure", dependencies=[Depends(require("ada"))])
def closure():
    return 1


@app.get("/a/instance", dependencies=[Depends(Gate())])
def instance():
    return 1


@app.get("/a/scheme", dependencies=[Depends(Bearer())])
def subclass():
    return 1


@app.get("/a/claimed")
def claimed(user: Annotated[int, Depends(claimed_user)]):
    return user


@app.get("/a/language")
def translated(language: Annotated[str, Depends(language)]):
    return language


@app.get("/a/wrapped")
@signed_in
def wrapped(request: Request):
    return 1


@app.get("/a/handler")
def handler(request: Request):
    if request.headers.get("Authorization") is None:
        return JSONResponse({"detail": "no"}, status_code=401)
    return 1


@app.get("/a/nothing")
def nothing():
    return 1


@inside.get("/x")
def inner():
    return 1


@outside.get("/x")
def outer():
    return 1


app.include_router(inside)
app.include_router(outside)
app.include_router(outside, prefix="/guarded", dependencies=[Depends(current_user)])
