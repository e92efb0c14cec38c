from uuid import uuid4

from fastapi import APIRouter, HTTPException
from sqlmodel import func, select

from shop.data import Database, Order, OrderItem, Voucher
from shop.guards import OwnOrder, Shopper, check_access
from shop.views import ItemChange, ItemEntry, ItemView, OrderEntry, OrderView

router = APIRouter(prefix="/orders")


@router.get("", response_model=list[OrderView])
def my_orders(shopper: Shopper) -> list[Order]:
    return shopper.orders


@router.get("/open", response_model=list[OrderView])
def open_orders(session: Database, shopper: Shopper) -> list[Order]:
    query = select(Order).where(Order.status == "open").where(Order.customer_id == shopper.id)
    return list(session.exec(query.limit(100)))


@router.get("/total")
def total(session: Database, shopper: Shopper) -> int:
    return session.exec(select(func.count(Order.id)).where(Order.customer_id == shopper.id)).one()


@router.post("", response_model=OrderView)
def start_order(session: Database, shopper: Shopper, entry: OrderEntry) -> Order:
    order = Order(id=str(uuid4()), customer_id=shopper.id, **entry.model_dump())
    session.add(order)
    session.commit()
    session.refresh(order)
    return order


@router.get("/{order_id}", response_model=OrderView)
def one_order(order: OwnOrder) -> Order:
    return order


@router.put("/{order_id}", response_model=OrderView)
def change_order(session: Database, order: OwnOrder, entry: OrderEntry) -> Order:
    order.comment = entry.comment
    session.add(order)
    session.commit()
    session.refresh(order)
    return order


@router.post("/{order_id}/cancel", status_code=204)
def cancel_order(session: Database, shopper: Shopper, order_id: str) -> None:
    order = session.get(Order, order_id)
    if order is None:
        raise HTTPException(status_code=404, detail="Order not found")
    check_access(shopper, order.customer_id)
    order.status = "cancelled"
    session.add(order)
    session.commit()


@router.get("/{order_id}/items", response_model=list[ItemView])
def items(order: OwnOrder) -> list[OrderItem]:
    return order.items


@router.post("/{order_id}/items", response_model=ItemView)
def add_item(session: Database, order: OwnOrder, entry: ItemEntry) -> OrderItem:
    item = OrderItem(id=str(uuid4()), order_id=order.id, **entry.model_dump())
    session.add(item)
    session.commit()
    session.refresh(item)
    return item


@router.get("/{order_id}/items/{item_id}", response_model=ItemView)
def one_item(session: Database, order: OwnOrder, item_id: str) -> OrderItem:
    item = session.exec(select(OrderItem).where(OrderItem.id == item_id, OrderItem.order_id == order.id)).first()
    if item is None:
        raise HTTPException(status_code=404, detail="Item not found")
    return item


@router.patch("/{order_id}/items/{item_id}", response_model=ItemView)
def change_item(session: Database, shopper: Shopper, order_id: str, item_id: str, change: ItemChange) -> OrderItem:
    item = session.get(OrderItem, item_id)
    if item is None or item.order_id != order_id:
        raise HTTPException(status_code=404, detail="Item not found")
    if item.order.customer_id != shopper.id:
        raise HTTPException(status_code=404, detail="Item not found")
    item.sqlmodel_update(change.model_dump(exclude_unset=True))
    session.add(item)
    session.commit()
    session.refresh(item)
    return item


@router.delete("/{order_id}/items/{item_id}", status_code=204)
def drop_item(session: Database, shopper: Shopper, order_id: str, item_id: str) -> None:
    query = (
        select(OrderItem)
        .join(Order)
        .where(OrderItem.id == item_id, OrderItem.order_id == order_id, Order.customer_id == shopper.id)
    )
    item = session.exec(query).one_or_none()
    if item is None:
        raise HTTPException(status_code=404, detail="Item not found")
    session.delete(item)
    session.commit()


vouchers = APIRouter(prefix="/vouchers")


@vouchers.get("")
def my_vouchers(session: Database, shopper: Shopper) -> list[str]:
    return list(session.exec(select(Voucher.code).where(Voucher.holder_id == shopper.id).limit(100)))


@vouchers.get("/{voucher_id}")
def one_voucher(session: Database, shopper: Shopper, voucher_id: str) -> str:
    voucher = session.get(Voucher, voucher_id)
    if voucher is None:
        raise HTTPException(status_code=404, detail="Voucher not found")
    check_access(shopper, voucher.holder_id)
    return voucher.code
