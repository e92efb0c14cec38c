from typing import Annotated, Any, Dict, List, Optional

from fastapi import Body, Depends, FastAPI, File, Form, Query, UploadFile
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field


class Image(BaseModel):
    url: str
    name: str = "image"


class Item(BaseModel):
    name: str
    description: str | None = Field(default=None, title="The description", max_length=300)
    price: float = Field(gt=0, description="Greater than zero")
    tags: set[str] = set()
    images: list[Image] | None = None


class User(BaseModel):
    username: str
    full_name: Optional[str] = None


class LoginForm(BaseModel):
    username: str
    password: str
    remember: bool = False


app = FastAPI()


@app.post("/items/")
def one(item: Item): ...


@app.put("/items/{item_id}")
def optional(item_id: int, item: Item | None = None, q: str | None = None): ...


@app.put("/two/{item_id}")
def two(item_id: int, item: Item, user: User): ...


@app.put("/two-optional")
def two_optional(item: Item | None = None, user: User | None = None): ...


@app.put("/mixed")
def mixed(item: Item, user: User, importance: Annotated[int, Body(gt=0)], q: str | None = None): ...


@app.put("/embedded")
def embedded(item: Annotated[Item, Body(embed=True)]): ...


@app.put("/embedded-old")
def embedded_old(item: Item = Body(..., embed=True, title="An item")): ...


@app.post("/scalar")
def scalar(importance: Annotated[int, Body()]): ...


@app.post("/scalar-default")
def scalar_default(importance: int = Body(5, title="How much", examples=[1, 2])): ...


@app.post("/list")
def many(items: list[Item]): ...


@app.post("/list-of-lists")
def matrix(rows: List[List[float]]): ...


@app.post("/dict")
def mapping(weights: dict[int, float]): ...


@app.post("/dict-any")
def anything(payload: Dict[str, Any]): ...


@app.post("/bare")
def bare(payload: dict, names: list = []): ...


@app.post("/login")
def login(username: Annotated[str, Form()], password: Annotated[str, Form(min_length=8)] = "x" * 8): ...


@app.post("/login-model")
def login_model(data: Annotated[LoginForm, Form()]): ...


@app.post("/token")
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]): ...


@app.post("/files")
def files(file: Annotated[bytes, File()]): ...


@app.post("/upload")
def upload(file: UploadFile): ...


@app.post("/upload-optional")
def upload_optional(file: UploadFile | None = None): ...


@app.post("/upload-many")
def upload_many(files: list[UploadFile], note: Annotated[str, Form()] = ""): ...


@app.post("/upload-described")
def upload_described(file: Annotated[UploadFile, File(description="A file")]): ...


@app.post("/xml")
def xml(data: Annotated[str, Body(media_type="application/xml")]): ...


@app.post("/examples")
def examples(item: Annotated[Item, Body(openapi_examples={"a": {"value": {"name": "x", "price": 1}}})]): ...


def shared(item: Item, importance: int = Body(1)):
    return item


@app.post("/dependency")
def dependency(item: Item, found=Depends(shared)): ...


@app.get("/get-with-body")
def get_with_body(item: Item): ...


@app.delete("/delete", status_code=204)
def delete(ids: Annotated[list[int], Body(embed=True)]): ...


@app.post("/aliased")
def aliased(item: Annotated[Item, Body(alias="theItem")], other: Annotated[str, Body(alias="otherKey")]): ...


@app.post("/union")
def union(thing: Item | User): ...
