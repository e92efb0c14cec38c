from enum import Enum
from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Item(BaseModel):
    id: int
    title: str = ""


class ItemCreate(BaseModel):
    title: str


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class Tag(Enum):
    items = "items"
    admin = "Administration"
