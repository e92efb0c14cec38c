from collections.abc import AsyncIterable, Iterable
from http import HTTPStatus
from typing import Annotated, Any, List, Optional, Union

from fastapi import APIRouter, FastAPI, Response, status
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from pydantic import BaseModel, Field


class Item(BaseModel):
    id: int
    name: str = Field(max_length=10)


class Message(BaseModel):
    detail: str


class Other(BaseModel):
    kind: str


class XmlResponse(Response):
    media_type = "application/xml"


class VendorResponse(JSONResponse):
    media_type = "application/vnd.api+json"


app = FastAPI(responses={418: {"description": "A teapot"}})
NOT_FOUND = {404: {"model": Message, "description": "There is none"}}


@app.get("/none")
def none(): ...


@app.get("/annotated")
def annotated() -> Item: ...


@app.get("/argument", response_model=List[Item])
def argument() -> Any: ...


@app.get("/no-model", response_model=None)
def no_model() -> Item | dict: ...


@app.get("/scalar")
def scalar() -> int: ...


@app.get("/optional")
def optional() -> Optional[Item]: ...


@app.get("/union", response_model=Union[Item, Other])
def union(): ...


@app.get("/mapping")
def mapping() -> dict[str, Item]: ...


@app.get("/annotated-list")
def annotated_list() -> Annotated[list[Item], Field(min_length=1)]: ...


@app.post("/created", status_code=201)
def created() -> Item: ...


@app.post("/created-name", status_code=status.HTTP_201_CREATED, response_description="Made")
def created_name() -> Item: ...


@app.post("/created-enum", status_code=HTTPStatus.CREATED)
def created_enum() -> Item: ...


@app.delete("/empty", status_code=204)
def empty() -> None: ...


@app.get("/html", response_class=HTMLResponse)
def html(): ...


@app.get("/text", response_class=PlainTextResponse)
def text() -> str: ...


@app.get("/redirect", response_class=RedirectResponse)
def redirect(): ...


@app.get("/redirect-status", response_class=RedirectResponse, status_code=302)
def redirect_status(): ...


@app.get("/file", response_class=FileResponse)
def file(): ...


@app.get("/stream", response_class=StreamingResponse)
def stream(): ...


@app.get("/xml", response_class=XmlResponse)
def xml(): ...


@app.get("/vendor", response_class=VendorResponse)
def vendor() -> Item: ...


@app.get("/response")
def response() -> Response: ...


@app.get("/json-response")
def json_response() -> JSONResponse: ...


@app.get("/more", responses={**NOT_FOUND, 302: {"description": "Moved"}, 403: {"model": Message}})
def more() -> Item: ...


@app.get("/ranges", responses={"4XX": {"model": Message}, "default": {"model": Other}})
def ranges(q: int) -> Item: ...


@app.get("/other-media", responses={200: {"content": {"image/png": {}}, "description": "Item or image"}})
def other_media() -> Item: ...


@app.get("/overridden-422/{id}", responses={422: {"model": Message}})
def overridden(id: int): ...


@app.get("/list-model", responses={400: {"model": list[Message]}, 409: {}})
def list_model(): ...


@app.get("/lines")
def lines() -> Iterable[Item]:
    yield Item(id=1, name="x")


@app.get("/async-lines")
async def async_lines() -> AsyncIterable[Item]:
    yield Item(id=1, name="x")


router = APIRouter(prefix="/r", responses={404: {"description": "Router"}}, default_response_class=HTMLResponse)


@router.get("/a", responses={404: {"model": Message}})
def router_a(): ...


@router.get("/b", response_class=JSONResponse)
def router_b() -> Item: ...


app.include_router(router, responses={401: {"description": "Included"}})
