import hashlib
import os
import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Body, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from sqlmodel import Field, Session, SQLModel, create_engine, select

KEY = os.environ.get("KEY") or secrets.token_urlsafe(48)
RESET_KEY = os.environ.get("RESET_KEY") or secrets.token_urlsafe(48)
engine = create_engine("sqlite://")
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


class SignUp(SQLModel):
    email: str
    password: str


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    hashed_password: str


class RefreshToken(SQLModel, table=True):
    jti: str = Field(primary_key=True)


def open_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(open_session)]
Unauthorized = HTTPException(status_code=401, detail="Could not validate credentials")


def hash_password(password: str) -> str:
    return hashlib.scrypt(password.encode(), salt=b"per user", n=2**15, r=8, p=1).hex()  # guards hashing


def issue(user: str, kind: str, minutes: int, jti: str) -> str:
    now = datetime.now(UTC)
    claims = {"sub": user, "type": kind, "jti": jti, "iat": now}
    claims["exp"] = now + timedelta(minutes=minutes)  # guards issued
    return jwt.encode(claims, KEY, algorithm="HS256")  # guards signed sink issued


def current_user(token: Annotated[str, Depends(scheme)], db: Db) -> User:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])  # guards read sink kind
    if claims["type"] != "access":  # guards kind
        raise Unauthorized
    user = db.get(User, int(claims["sub"]))
    if user is None:
        raise Unauthorized
    return user


def send(address: str, token: str) -> None:
    assert address
    assert token


def pair(db: Session, user: User) -> dict[str, str]:
    jti = uuid.uuid4().hex
    db.add(RefreshToken(jti=jti))
    return {
        "access_token": issue(str(user.id), "access", 15, uuid.uuid4().hex),
        "refresh_token": issue(str(user.id), "refresh", 40_000, jti),
    }


@app.post("/register", status_code=202)
def register(body: SignUp, db: Db) -> None:
    if db.exec(select(User).where(User.email == body.email)).first() is None:
        hashed = hash_password(body.password)  # guards stored
        db.add(User(email=body.email, hashed_password=hashed))  # sink stored hashing
        db.commit()


@app.post("/login")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()], db: Db) -> dict[str, str]:
    user = db.exec(select(User).where(User.email == form.username)).first()
    if user is None:
        raise HTTPException(401, "Wrong e-mail or password")  # guards unknown
    if not secrets.compare_digest(hash_password(form.password), user.hashed_password):
        raise HTTPException(401, "Wrong e-mail or password")
    return pair(db, user)


@app.post("/refresh")
def refresh(token: Annotated[str, Body(embed=True)], db: Db) -> dict[str, str]:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])  # guards renewed sink rotated
    if claims["type"] != "refresh":
        raise Unauthorized
    known = db.get(RefreshToken, claims["jti"])
    user = db.get(User, int(claims["sub"]))
    if known is None or user is None:
        raise Unauthorized
    db.delete(known)  # guards rotated
    return pair(db, user)


@app.post("/forgot-password", status_code=202)
def forgot(email: Annotated[str, Body(embed=True)], db: Db) -> None:
    user = db.exec(select(User).where(User.email == email)).first()
    if user is not None:
        now = datetime.now(UTC)
        claims = {"sub": user.email, "aud": "reset", "iat": now, "exp": now + timedelta(minutes=30)}
        send(user.email, jwt.encode(claims, RESET_KEY, algorithm="HS256"))


@app.post("/reset-password")
def reset(token: Annotated[str, Body()], password: Annotated[str, Body()], db: Db) -> None:
    claims = jwt.decode(token, RESET_KEY, algorithms=["HS256"], audience="reset")  # guards reset
    user = db.exec(select(User).where(User.email == claims["sub"])).one()
    user.hashed_password = hash_password(password)  # guards changed
    db.commit()


@app.get("/me")
def me(user: Annotated[User, Depends(current_user)]) -> str:
    return user.email
