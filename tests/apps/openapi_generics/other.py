from pydantic import BaseModel


class Item(BaseModel):
    """Another item of the same name."""

    other: int


class Outer:
    class Item(BaseModel):
        inner: bool


class Only(BaseModel):
    only: int
