from typing import Annotated

from errors import OutOfStock, Unsold
from fastapi import APIRouter, HTTPException, Query, status
from models import SessionDep, Ware, WareCreate, WareUpdate
from sqlmodel import Session, select

wares = APIRouter(prefix="/wares")
orders = APIRouter(prefix="/orders")
price_lists = APIRouter(prefix="/price-lists")
MISSING = {404: {"description": "Not Found"}}
TAKEN = {409: {"description": "Conflict"}}


def find(session: Session, ware_id: int) -> Ware:
    ware = session.get(Ware, ware_id)
    if ware is None:
        raise HTTPException(404, detail="no such ware")
    return ware


def take(ware: Ware) -> None:
    if ware.left < 1:
        raise OutOfStock(ware.name)
    ware.left -= 1


def refund(number: int) -> int:
    if number < 1:
        raise Unsold(number)
    return number


@wares.get("", tags=["wares"])
def read_wares(
    session: SessionDep, offset: int = 0, limit: Annotated[int, Query(le=100)] = 100
) -> list[Ware]:
    return list(session.exec(select(Ware).order_by(Ware.id).offset(offset).limit(limit)).all())


@wares.get("/sold-out", tags=["wares"])
def read_sold_out(session: SessionDep, limit: Annotated[int, Query(le=100)] = 100) -> list[Ware]:
    return session.exec(select(Ware).where(Ware.left == 0).limit(limit)).all()


@wares.post("", tags=["wares"], status_code=status.HTTP_201_CREATED, responses=TAKEN)
def create_ware(data: WareCreate, session: SessionDep) -> Ware:
    if data.name == "taken":
        raise HTTPException(409, detail="there is one of that name")
    ware = Ware(name=data.name)
    session.add(ware)
    session.commit()
    session.refresh(ware)
    return ware


@wares.patch("/{ware_id}", tags=["wares"], responses=MISSING)
def update_ware(ware_id: int, data: WareUpdate, session: SessionDep) -> Ware:
    ware = find(session, ware_id)
    ware.sqlmodel_update(data.model_dump(exclude_unset=True))
    session.commit()
    session.refresh(ware)
    return ware


@wares.patch("/{ware_id}/stock-count", tags=["wares"], responses=MISSING)
def count_ware(ware_id: int, data: WareUpdate, session: SessionDep) -> int:
    ware = find(session, ware_id)
    for key, value in data.model_dump(exclude_unset=True).items():
        setattr(ware, key, value)
    session.commit()
    return ware.left


@wares.delete("/{ware_id}", tags=["wares"], status_code=status.HTTP_204_NO_CONTENT, responses=MISSING)
def delete_ware(ware_id: int, session: SessionDep) -> None:
    session.delete(find(session, ware_id))
    session.commit()


@orders.post("/wares/{ware_id}", status_code=status.HTTP_201_CREATED, responses=MISSING)
def order_ware(ware_id: int, session: SessionDep) -> int:
    ware = find(session, ware_id)
    take(ware)
    session.commit()
    return ware.left


@orders.post("/{order_id}/credit-notes", status_code=status.HTTP_201_CREATED, responses=TAKEN)
def credit(order_id: int) -> int:
    if order_id > 1000:
        raise HTTPException(409, detail="too late")
    try:
        return refund(order_id)
    except Unsold:
        raise HTTPException(409, detail="it was never sold") from None


@orders.post("/{order_id}/delivery-notes", status_code=status.HTTP_201_CREATED)
def deliver(order_id: int) -> int:
    return order_id


@price_lists.post("/{list_id}/opening-hours", status_code=status.HTTP_201_CREATED, responses=TAKEN)
def publish(list_id: int) -> int:
    if list_id > 10:
        raise HTTPException(409, detail="too many")
    return list_id


@price_lists.get("/{list_id}/top-sellers/{seller_id}", responses=MISSING)
def read_seller(list_id: int, seller_id: int) -> int:
    if seller_id > 10:
        raise HTTPException(404, detail="no such seller")
    return seller_id


@price_lists.get("/{list_id}/customers/{customer_id}")
def read_customer(list_id: int, customer_id: int) -> int:
    return customer_id
