from enum import Enum

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel


class Tags(Enum):
    items = "items"
    users = "users"


class Item(BaseModel):
    id: int
    size: int = 1


def unique_id(route: APIRoute) -> str:
    return f"{route.tags[0]}-{route.name}" if route.tags else route.name


app = FastAPI(
    title="Shop",
    summary="A shop",
    description="Sells things",
    version="2.1.0",
    terms_of_service="https://shop.example/terms",
    contact={"name": "Us", "url": "https://shop.example/contact", "email": "us@shop.example"},
    license_info={"name": "MIT", "identifier": "MIT"},
    servers=[{"url": "https://shop.example/v1", "description": "Live"}, {"url": "/local"}],
    openapi_tags=[{"name": "items", "description": "Things", "externalDocs": {"url": "https://x.example/docs"}}],
    generate_unique_id_function=unique_id,
    root_path="/api",
    separate_input_output_schemas=False,
)
router = APIRouter(prefix="/items", tags=[Tags.items], deprecated=True)
plain = APIRouter(generate_unique_id_function=lambda route: f"plain_{route.name}")
hidden = APIRouter(include_in_schema=False)


@router.get("/", tags=["more"], summary="All of them", operation_id="listItems")
def read_items() -> list[Item]: ...


@router.post("/", description="Makes one", openapi_extra={"x-internal": True})
def create_item(item: Item) -> Item: ...


@router.api_route("/both", methods=["PUT"], name="renamed")
def both(): ...


@plain.get("/plain")
def plain_one(): ...


@hidden.get("/hidden")
def hidden_one(): ...


@app.get("/not-shown", include_in_schema=False)
def not_shown(): ...


@app.get("/files/{name:path}", deprecated=True)
def files(name: str): ...


@app.get("/same")
def first_same(a: int): ...


@app.get("/same")
def second_same(b: int): ...


app.include_router(router, tags=["included"])
app.include_router(plain, prefix="/p", deprecated=True)
app.include_router(hidden)

sub = FastAPI(title="Sub")


@sub.get("/inner/{id}")
def inner(id: int) -> Item: ...


app.mount("/sub", sub)
