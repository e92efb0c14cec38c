import os
from collections.abc import Callable
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shop.data import Customer, Database, Order

bearer = HTTPBearer()
_key = os.environ["SHOP_KEY"]


def grant(customer_id: str) -> str:
    return jwt.encode({"sub": customer_id, "iat": 0, "exp": 4102444800}, _key, algorithm="HS256")


def authenticated(
    session: Database, credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]
) -> Customer:
    try:
        subject = jwt.decode(credentials.credentials, _key, algorithms=["HS256"])["sub"]
    except jwt.PyJWTError as error:
        raise HTTPException(status_code=401, detail="Invalid token") from error
    customer = session.get(Customer, subject)
    if customer is None:
        raise HTTPException(status_code=401, detail="Invalid token")
    return customer


def require_role(*roles: str) -> Callable[..., Customer]:
    def checker(customer: Annotated[Customer, Depends(authenticated)]) -> Customer:
        if customer.role not in roles:
            raise HTTPException(status_code=403, detail="You may not do this")
        return customer

    return checker


Shopper = Annotated[Customer, Depends(authenticated)]


def own_order(order_id: str, shopper: Shopper, session: Database) -> Order:
    order = session.get(Order, order_id)
    if not order or order.customer_id != shopper.id:
        raise HTTPException(status_code=404, detail="Order not found")
    return order


OwnOrder = Annotated[Order, Depends(own_order)]


def check_access(shopper: Customer, owner_id: str) -> None:
    """Customers reach what is theirs; support reaches everything."""
    if shopper.role == "support":
        return
    if owner_id != shopper.id:
        raise HTTPException(status_code=404, detail="Not found")
