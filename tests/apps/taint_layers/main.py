import logging
from typing import Annotated

from catalogue import Catalogue
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from files import Storage
from pydantic import BaseModel, Field, SecretStr
from remote import Fetcher
from rendering import render_card

app = FastAPI()
logger = logging.getLogger("app")


class Search(BaseModel):
    title: str
    column: str = Field(default="id", pattern="^(id|title)$")  # guards pattern
    page: int = 1  # guards page


class Credentials(BaseModel):
    name: str
    password: SecretStr  # guards secret


@app.post("/search")
def search(body: Search, catalogue: Annotated[Catalogue, Depends()]) -> None:
    catalogue.by_title(body.title)
    catalogue.ordered(body.column)
    catalogue.page(body.page)
    catalogue.sorted_by(body.title)


@app.get("/card")
def card(request: Request) -> HTMLResponse:
    return HTMLResponse(render_card(request.query_params["name"]))  # sink card


@app.get("/badge")
def badge(label: str) -> Response:
    return Response(render_card(label), media_type="text/html")  # sink badge


@app.post("/fetch")
async def fetch(request: Request, fetcher: Annotated[Fetcher, Depends()]) -> None:
    body = await request.json()
    await fetcher.fetch(body["url"])


@app.get("/stored/{name:path}")
def stored(name: str, storage: Annotated[Storage, Depends()]) -> bytes:
    return storage.read(name)


@app.post("/convert")
def convert(name: str, storage: Annotated[Storage, Depends()]) -> None:
    storage.convert(name)
    storage.load(name)


@app.post("/sign-in")
def sign_in(credentials: Credentials) -> None:
    logger.info("sign in %s", credentials)  # sink secret
    try:
        logger.info("work")
    except Exception as error:
        logger.exception("failed")
        raise HTTPException(status_code=500, detail="Internal server error") from error  # guards raised


@app.middleware("http")
async def logged(request: Request, call_next):
    logger.info("from %s", request.headers.get("user-agent"))  # guards headers
    return await call_next(request)
