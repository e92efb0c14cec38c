from decimal import Decimal

from fastapi import FastAPI
from pydantic import BaseModel, Field, computed_field


class Price(BaseModel):
    amount: Decimal
    note: str = Field(serialization_alias="noteOut", default="")


class Square(BaseModel):
    side: int
    cost: Decimal

    @computed_field
    @property
    def area(self) -> int:
        return self.side**2


class Box(BaseModel):
    squares: list[Square]


app = FastAPI(separate_input_output_schemas=False)


@app.post("/price")
def price(item: Price) -> Price: ...


@app.get("/price-only")
def price_only() -> list[Price]: ...


@app.post("/square")
def square(item: Square) -> Square: ...


@app.post("/box")
def box(item: Box) -> Box: ...
