import os
from typing import Annotated

from fastapi import Depends
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///./shop.db"))


class Customer(SQLModel, table=True):
    id: str = Field(primary_key=True)
    email: str = Field(index=True, unique=True)
    password_hash: str
    role: str = "customer"
    credit: int = 0

    orders: list["Order"] = Relationship(back_populates="customer")
    addresses: list["Address"] = Relationship(back_populates="customer")


class Address(SQLModel, table=True):
    id: str = Field(primary_key=True)
    street: str
    customer_id: str = Field(foreign_key="customer.id", index=True)

    customer: Customer = Relationship(back_populates="addresses")


class Product(SQLModel, table=True):
    id: str = Field(primary_key=True)
    name: str
    price: int = 0


class Order(SQLModel, table=True):
    id: str = Field(primary_key=True)
    comment: str = ""
    status: str = "open"
    customer_id: str = Field(foreign_key="customer.id", index=True)

    customer: Customer = Relationship(back_populates="orders")
    items: list["OrderItem"] = Relationship(back_populates="order")


class OrderItem(SQLModel, table=True):
    id: str = Field(primary_key=True)
    quantity: int = 1
    wish: str = ""
    order_id: str = Field(foreign_key="order.id", index=True)
    product_id: str = Field(foreign_key="product.id", index=True)

    order: Order = Relationship(back_populates="items")


class Voucher(SQLModel, table=True):
    id: str = Field(primary_key=True)
    code: str
    holder_id: str = Field(foreign_key="customer.id", index=True)


def database():
    with Session(engine) as session:
        yield session


Database = Annotated[Session, Depends(database)]
