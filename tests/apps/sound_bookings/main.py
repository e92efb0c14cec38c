import ast
import hashlib
import hmac
import html
import json
import logging
import os
import secrets
import shlex
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlparse

import httpx
import jwt
import yaml
from fastapi import Body, Depends, FastAPI, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select, text

SECRET = os.environ["BOOKINGS_SECRET"]
ALGORITHM = "HS256"
UPLOADS = Path("uploads").resolve()
WEBHOOK_HOSTS = {"hooks.partner.example", "events.partner.example"}
SORTABLE = {"created", "title"}
REPORTS = {"daily", "weekly"}
RETURN_TO = {"/", "/bookings"}
logger = logging.getLogger("bookings")
engine = create_engine(os.environ.get("DATABASE_URL", "sqlite://"))
scheme = OAuth2PasswordBearer(tokenUrl="login")
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://bookings.example.com"], allow_credentials=True)
client = httpx.Client(timeout=5)


class Account(SQLModel, table=True):
    __tablename__ = "bookings_account"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(index=True, unique=True)
    salt: bytes
    password_hash: bytes


class UsedToken(SQLModel, table=True):
    __tablename__ = "bookings_used_token"

    id: str = Field(primary_key=True)


def database():
    with Session(engine) as opened:
        yield opened


Db = Annotated[Session, Depends(database)]


def hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def make_token(subject: str, use: str, life: timedelta) -> str:
    now = datetime.now(UTC)
    claims = {"sub": subject, "use": use, "iat": now, "exp": now + life, "jti": secrets.token_hex(8)}
    return jwt.encode(claims, SECRET, algorithm=ALGORITHM)


def current_account(db: Db, token: Annotated[str, Depends(scheme)]) -> Account:
    try:
        claims = jwt.decode(token, SECRET, algorithms=[ALGORITHM], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise HTTPException(401, detail="Not authenticated") from None
    if claims.get("use") != "access":
        raise HTTPException(401, detail="Not authenticated")
    account = db.get(Account, int(claims["sub"]))
    if account is None:
        raise HTTPException(401, detail="Not authenticated")
    return account


Current = Annotated[Account, Depends(current_account)]


recent: dict[str, list[float]] = {}


def few_at_a_time(request: Request) -> None:
    who = request.client.host if request.client else ""
    tried = [at for at in recent.get(who, []) if at > time.monotonic() - 60]
    recent[who] = [*tried, time.monotonic()]
    if len(tried) >= 5:
        raise HTTPException(429, detail="Too many tries, wait a minute", headers={"Retry-After": "60"})


@app.post("/login", dependencies=[Depends(few_at_a_time)])
def login(db: Db, response: Response, email: Annotated[str, Form()], password: Annotated[str, Form()]):
    account = db.exec(select(Account).where(Account.email == email)).first()
    salt = account.salt if account else bytes(16)
    if not hmac.compare_digest(hashed(password, salt), account.password_hash if account else b""):
        raise HTTPException(401, detail="Wrong email or password")
    refresh = make_token(str(account.id), "refresh", timedelta(days=14))
    response.set_cookie("refresh_token", refresh, httponly=True, secure=True, samesite="strict")
    logger.info("login of account %s", account.id)
    return {"access_token": make_token(str(account.id), "access", timedelta(minutes=15)), "token_type": "bearer"}


@app.post("/refresh", dependencies=[Depends(few_at_a_time)])
def refresh(db: Db, token: Annotated[str, Body(embed=True)]):
    try:
        claims = jwt.decode(token, SECRET, algorithms=[ALGORITHM], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise HTTPException(401, detail="Not authenticated") from None
    if claims.get("use") != "refresh" or db.get(UsedToken, claims["jti"]) is not None:
        raise HTTPException(401, detail="Not authenticated")
    db.add(UsedToken(id=claims["jti"]))
    db.commit()
    return {
        "access_token": make_token(claims["sub"], "access", timedelta(minutes=15)),
        "refresh_token": make_token(claims["sub"], "refresh", timedelta(days=14)),
    }


@app.post("/reset", dependencies=[Depends(few_at_a_time)])
def reset(db: Db, token: Annotated[str, Body()], password: Annotated[str, Body()]) -> dict[str, str]:
    try:
        claims = jwt.decode(token, SECRET, algorithms=[ALGORITHM], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise HTTPException(400, detail="The link is not valid") from None
    account = db.get(Account, int(claims["sub"])) if claims.get("use") == "reset" else None
    if account is None:
        raise HTTPException(400, detail="The link is not valid")
    account.salt = secrets.token_bytes(16)
    account.password_hash = hashed(password, account.salt)
    db.add(account)
    db.commit()
    return {"detail": "The password was changed"}


@app.get("/search")
def search(db: Db, account: Current, word: str, order: str = "created") -> list[int]:
    if order not in SORTABLE:
        raise HTTPException(400, detail="Unknown order")
    statement = text(f"SELECT id FROM booking WHERE owner = :owner AND title LIKE :word ORDER BY {order}")
    rows = db.execute(statement, {"owner": account.id, "word": word})
    return [row[0] for row in rows]


@app.get("/count")
def count(db: Db, account: Current, title: str) -> int:
    found = db.execute(text("SELECT count(*) FROM booking WHERE title = :title"), {"title": title})
    return found.scalar_one()


@app.get("/card", response_class=HTMLResponse)
def card(account: Current, name: str) -> HTMLResponse:
    return HTMLResponse(f"<h1>{html.escape(name)}</h1>")


@app.post("/webhook")
def webhook(account: Current, url: Annotated[str, Body(embed=True)]) -> int:
    if urlparse(url).hostname not in WEBHOOK_HOSTS:
        raise HTTPException(400, detail="Unknown host")
    return client.post(url, json={"event": "test"}).status_code


@app.get("/weather")
def weather(account: Current, city: str) -> str:
    return httpx.get(f"https://weather.example/{quote(city, safe='')}", timeout=5).text


@app.post("/files")
def upload(account: Current, file: UploadFile) -> str:
    target = UPLOADS / os.path.basename(file.filename or "unnamed")
    target.write_bytes(file.file.read())
    return target.name


@app.get("/files")
def download(account: Current, name: str) -> FileResponse:
    target = (UPLOADS / name).resolve()
    if not target.is_relative_to(UPLOADS):
        raise HTTPException(404, detail="Unknown file")
    return FileResponse(target)


@app.get("/leave")
def leave(to: str) -> RedirectResponse:
    if to not in RETURN_TO:
        raise HTTPException(400, detail="Unknown page")
    return RedirectResponse(to)


@app.post("/report")
def report(account: Current, kind: str) -> str:
    if kind not in REPORTS:
        raise HTTPException(400, detail="Unknown report")
    done = subprocess.run(f"make-report {kind}", shell=True, capture_output=True, text=True, check=False)
    return done.stdout


@app.post("/thumbnail")
def thumbnail(account: Current, name: str) -> int:
    return os.system(f"convert {shlex.quote(name)} out.png")


@app.post("/archive")
def archive(account: Current, name: str) -> int:
    return subprocess.run(["tar", "-cf", "out.tar", "--", name], check=False).returncode


@app.post("/rules")
def rules(account: Current, given: Annotated[str, Body(embed=True)]) -> int:
    return len(yaml.safe_load(given))


@app.post("/filter")
def filtered(account: Current, given: Annotated[str, Body(embed=True)]) -> str:
    return str(ast.literal_eval(given))


@app.post("/import")
def imported(account: Current, given: Annotated[str, Body(embed=True)]) -> int:
    return len(json.loads(given))


@app.post("/password")
def change(db: Db, account: Current, password: Annotated[str, Body(embed=True)]) -> None:
    logger.info("password of %s changed, %d characters", account.id, len(password))
    account.salt = secrets.token_bytes(16)
    account.password_hash = hashed(password, account.salt)
    db.add(account)
    db.commit()


@app.get("/calendar")
def calendar(account: Current, day: Annotated[str, Query(pattern=r"^\d{4}-\d\d-\d\d$")]) -> str:
    try:
        return datetime.fromisoformat(day).strftime("%A")
    except ValueError:
        logger.info("no such day")
        raise HTTPException(400, detail="There is no such day") from None


@app.exception_handler(Exception)
def failed(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Something went wrong"}, status_code=500)
