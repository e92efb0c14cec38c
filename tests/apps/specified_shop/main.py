from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

app = FastAPI(title="Shop")
bearer = HTTPBearer()


class Status(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Address(BaseModel):
    street: str = Field(max_length=80)
    city: str


class OrderIn(BaseModel):
    address: Address
    note: str | None = Field(default=None, max_length=200)
    quantity: int = Field(ge=1, le=99)


class Order(BaseModel):
    id: UUID
    address: Address
    note: str | None
    quantity: int
    status: Status


class Page(BaseModel):
    orders: list[Order]
    total: int


def customer(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    if credentials.credentials != "token-of-the-shop":
        raise HTTPException(401, "unknown token")
    return "customer"


Customer = Annotated[str, Depends(customer)]


@app.get("/orders")
def list_orders(
    who: Customer,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    x_trace: Annotated[str | None, Header()] = None,
) -> Page:
    return Page(orders=[], total=0)


@app.post("/orders", status_code=201)
def create_order(order: OrderIn, who: Customer) -> Order:
    return Order(id=UUID(int=1), status=Status.OPEN, **order.model_dump())


@app.get("/orders/{order_id}")
def read_order(order_id: UUID, who: Customer) -> Order:
    raise HTTPException(404)


@app.put("/orders/{order_id}")
def replace_order(order_id: UUID, order: OrderIn, who: Customer) -> Order:
    raise HTTPException(404)


@app.delete("/orders/{order_id}", status_code=204)
def cancel_order(order_id: UUID, who: Customer) -> None:
    raise HTTPException(404)


@app.get("/search")
def search(q: Annotated[str, Query(min_length=2)], page: int = 1) -> list[str]:
    return [q]
