import ast
import enum
import html
import json
import logging
import os
import pickle
import shlex
import sqlite3
import subprocess
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlparse

import httpx
import markupsafe
import yaml
from fastapi import Body, Cookie, Depends, FastAPI, Form, Header, HTTPException, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from fastapi.security import OAuth2PasswordBearer
from jinja2 import Environment
from pydantic import BaseModel
from sqlalchemy.orm import Session
from sqlmodel import create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")
logger = logging.getLogger(__name__)
scheme = OAuth2PasswordBearer(tokenUrl="login")
pages = Environment(autoescape=True)  # guards page
FILES = Path("files").resolve()
HOSTS = {"a.example.com", "b.example.com"}
COLUMNS = {"id", "title"}
LOADERS = [pickle.__name__]


class Order(enum.StrEnum):
    ID = "id"
    TITLE = "title"


class Account(BaseModel):
    email: str
    password: str


def session():
    with Session(engine) as opened:
        yield opened


Db = Annotated[Session, Depends(session)]


@app.get("/books")
def books(db: Db, title: str, author: str) -> None:
    db.execute(text("SELECT id FROM book WHERE title = :title"), {"title": title})  # guards bound
    db.execute(text("SELECT id FROM book WHERE author = :author").bindparams(author=author))  # guards bindparams
    sqlite3.connect("x").execute("SELECT id FROM book WHERE title = ?", (title,))  # guards driver


@app.get("/books/sorted")
def sorted_books(
    db: Db,
    column: str,
    way: Literal["asc", "desc"],  # guards literal
    order: Order,  # guards enumeration
    limit: int,  # guards number
) -> None:
    if column not in COLUMNS:  # guards column
        raise HTTPException(400)
    db.execute(text(f"SELECT id FROM book ORDER BY {column}"))  # sink column
    db.execute(text(f"SELECT id FROM book ORDER BY id {way}"))  # sink literal
    db.execute(text(f"SELECT id FROM book ORDER BY {order}"))  # sink enumeration
    db.execute(text(f"SELECT id FROM book LIMIT {limit}"))  # sink number


@app.get("/greeting", response_class=HTMLResponse)
def greeting(name: str) -> str:
    return f"<h1>{html.escape(name)}</h1>"  # guards greeting


@app.get("/comment")
def comment(words: str) -> HTMLResponse:
    return HTMLResponse(f"<p>{markupsafe.escape(words)}</p>")  # guards comment


@app.get("/page")
def page(name: str) -> HTMLResponse:
    return HTMLResponse(pages.get_template("page.html").render(name=name))  # sink page


@app.get("/preview")
async def preview(url: str) -> None:
    if urlparse(url).hostname not in HOSTS:  # guards host
        raise HTTPException(400)
    async with httpx.AsyncClient() as client:
        await client.get(url)  # sink host


@app.get("/image")
def image(url: str) -> None:
    if not url.startswith("https://images.example.com/"):  # guards prefix
        raise HTTPException(400)
    httpx.get(url)  # sink prefix


@app.get("/go")
def go(target: str) -> RedirectResponse:
    if target not in HOSTS:  # guards target
        raise HTTPException(400)
    return RedirectResponse(target)  # sink target


@app.get("/file")
def file(name: str) -> FileResponse:
    path = (FILES / name).resolve()
    if not path.is_relative_to(FILES):  # guards below
        raise HTTPException(404)
    return FileResponse(path)  # sink below


@app.get("/other")
def other(name: str) -> FileResponse:
    return FileResponse(FILES / os.path.basename(name))  # guards basename


@app.post("/upload")
async def upload(upload: UploadFile) -> None:
    with open(FILES / Path(upload.filename).name, "wb") as out:  # guards filename
        out.write(await upload.read())


@app.post("/run")
def run(host: str) -> None:
    subprocess.run(["ping", host])  # guards arguments
    subprocess.run(f"ping {shlex.quote(host)}", shell=True)  # guards quote


@app.post("/load")
async def load(request: Request, literal: str) -> None:
    yaml.safe_load(await request.body())  # guards yaml
    json.loads(await request.body())  # guards objects
    ast.literal_eval(literal)  # guards literals


@app.post("/work")
def work() -> None:
    try:
        os.getpid()
    except Exception as error:
        raise HTTPException(500, detail="Internal server error") from error  # guards raised


@app.exception_handler(Exception)
async def failed(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Internal server error"}, status_code=500)  # guards handled


@app.post("/accounts")
def create(account: Account, token: Annotated[str, Depends(scheme)]) -> None:
    logger.info("password of %d letters", len(account.password))  # guards length
    logger.info("account %s", account.model_dump(exclude={"password"}))  # guards dump
    logger.info("token %s", token[-4:])  # guards piece


@app.post("/login")
def login(
    password: Annotated[str, Form()],  # guards form
    new_password: Annotated[str, Body()],  # guards body
    api_key: Annotated[str, Header()],  # guards header
    access_token: Annotated[str, Cookie()],  # guards cookie
) -> None: ...
