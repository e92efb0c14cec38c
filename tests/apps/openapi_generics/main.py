from typing import Generic, List, Optional, TypeVar, Union

import other
from fastapi import FastAPI
from pydantic import BaseModel

T = TypeVar("T")
K = TypeVar("K")
Number = TypeVar("Number", bound=float)


class Item(BaseModel):
    id: int
    tags: list[str] = []


class User(BaseModel):
    name: str
    items: list[Item] = []


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    next: Optional[T] = None


class Pair(BaseModel, Generic[K, T]):
    key: K
    value: T


class Envelope(Page[T], Generic[T]):
    page: Page[T]


class ItemPage(Page[Item]):
    extra: str = ""


class Measure(BaseModel, Generic[Number]):
    value: Number


app = FastAPI()


@app.get("/page")
def page() -> Page[Item]: ...


@app.get("/pages")
def pages() -> Page[list[User]]: ...


@app.get("/page-int")
def page_int() -> Page[int]: ...


@app.get("/page-optional")
def page_optional() -> Page[Union[int, str]]: ...


@app.get("/pair")
def pair() -> Pair[str, Item]: ...


@app.get("/nested")
def nested() -> Page[Page[Item]]: ...


@app.get("/envelope")
def envelope() -> Envelope[Item]: ...


@app.get("/item-page")
def item_page() -> ItemPage: ...


@app.get("/bare")
def bare() -> Page: ...


@app.get("/measure")
def measure() -> Measure: ...


@app.post("/page")
def post_page(page: Page[Item]) -> List[Page[Item]]: ...


@app.get("/others")
def others() -> list[other.Item]: ...


@app.get("/inner")
def inner() -> other.Outer.Item: ...


@app.get("/only")
def only() -> other.Only: ...


@app.get("/page-other")
def page_other() -> Page[other.Item]: ...
