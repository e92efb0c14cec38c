import subprocess
from pathlib import Path

import httpx
import structlog
import yaml
from access import Documents, Reader
from fastapi import APIRouter, HTTPException, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment
from pydantic import BaseModel
from typing_extensions import Literal

router = APIRouter()
log = structlog.get_logger()
pages = Environment(autoescape=True)
FOLDER = Path("documents").resolve()
MIRRORS = {"eu": "https://eu.documents.example.com", "us": "https://us.documents.example.com"}
CALLBACKS = ("https://app.documents.example.com/", "https://desk.documents.example.com/")
FORMATS = frozenset({"pdf", "html"})


class Callback(BaseModel):
    url: str


@router.get("/titles")
def titles(reader: Reader, documents: Documents, word: str, order: Literal["newest", "title"]) -> list[str]:
    return documents.titles(word, order)


@router.get("/tagged")
def tagged(reader: Reader, documents: Documents, tag: str) -> list[str]:
    return documents.tagged(tag)


@router.get("/hello", response_class=HTMLResponse)
def hello(reader: Reader, name: str) -> HTMLResponse:
    page = pages.from_string("<p>Hello {{ name }}</p>").render(name=name)
    return HTMLResponse(page)


@router.get("/mirror")
def mirror(reader: Reader, region: str) -> str:
    return httpx.get(MIRRORS[region], timeout=5).text


@router.post("/callback")
def callback(reader: Reader, given: Callback) -> int:
    if not given.url.startswith(CALLBACKS):
        raise HTTPException(400, detail="This address is not known")
    return httpx.post(given.url, json={}, timeout=5).status_code


@router.post("/documents")
def upload(reader: Reader, file: UploadFile) -> str:
    target = FOLDER / Path(file.filename or "unnamed").name
    target.write_bytes(file.file.read())
    return target.name


@router.get("/documents")
def download(reader: Reader, name: str) -> FileResponse:
    target = (FOLDER / name).resolve()
    if not target.is_relative_to(FOLDER):
        raise HTTPException(404, detail="This document is not known")
    return FileResponse(target)


@router.get("/next")
def next_page(to: str) -> RedirectResponse:
    if to not in ("/", "/titles"):
        raise HTTPException(400, detail="This page is not known")
    return RedirectResponse(to)


@router.post("/convert")
def convert(reader: Reader, kind: str) -> str:
    if kind not in FORMATS:
        raise HTTPException(400, detail="This format is not known")
    return subprocess.check_output(f"render --to {kind}", shell=True, text=True)


@router.post("/pack")
def pack(reader: Reader, name: str) -> int:
    return subprocess.call(["zip", "out.zip", "--", name])


@router.post("/settings")
def read_settings(reader: Reader, given: Callback) -> int:
    return len(yaml.load(given.url, Loader=yaml.SafeLoader))


@router.post("/echo")
def echo(reader: Reader, request: Request) -> str:
    log.info("echo", agent=request.headers.get("user-agent"))
    try:
        return pages.from_string("{{ 1 }}").render()
    except ValueError as error:
        log.warning("echo failed", kind=type(error).__name__)
        raise HTTPException(500, detail="This did not work") from error
