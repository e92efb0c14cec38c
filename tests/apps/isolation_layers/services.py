from fastapi import HTTPException
from models import Account, Order
from repository import Repository
from sqlalchemy.orm import Session


class Orders(Repository[Order]):
    model = Order

    def of(self, account: Account) -> list[Order]:
        return self.all(account_id=account.id)


def ensure_owner(order: Order, account: Account) -> None:
    if order.account_id != account.id:
        raise HTTPException(403)


class OrderService:
    def __init__(self, session: Session) -> None:
        self.orders = Orders(session)

    def find(self, key: int) -> Order:
        order = self.orders.get(key)
        if order is None:
            raise HTTPException(404)
        return order

    def find_own(self, key: int, account: Account) -> Order:
        order = self.find(key)
        ensure_owner(order, account)
        return order
