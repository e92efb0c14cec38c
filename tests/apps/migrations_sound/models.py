import uuid
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel


class Account(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    email: str = Field(max_length=255, unique=True, index=True)
    full_name: str | None = Field(default=None, max_length=120)
    is_active: bool = True
    credit: Decimal = Field(max_digits=10, decimal_places=2)
    created_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    orders: list["Order"] = Relationship(back_populates="account")
    profile: "Profile" = Relationship(back_populates="account")


class Profile(SQLModel, table=True):
    account_id: uuid.UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    biography: str = Field(sa_type=sa.Text)
    website: str | None = Field(default=None, max_length=200)
    account: Account = Relationship(back_populates="profile")


class Order(SQLModel, table=True):
    __tablename__ = "orders"

    id: int | None = Field(default=None, primary_key=True)
    account_id: uuid.UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    number: str = Field(max_length=32, unique=True)
    placed_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    total: Decimal = Field(max_digits=12, decimal_places=2)
    remark: str | None = None
    account: Account = Relationship(back_populates="orders")
    lines: list["OrderLine"] = Relationship(back_populates="order")


class OrderLine(SQLModel, table=True):
    __tablename__ = "order_line"
    __table_args__ = (sa.UniqueConstraint("order_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id", index=True, ondelete="CASCADE")
    product_id: int = Field(foreign_key="product.id", index=True)
    position: int
    quantity: int
    order: Order = Relationship(back_populates="lines")
    product: "Product" = Relationship(back_populates="lines")


class Product(SQLModel, table=True):
    __table_args__ = (sa.Index("ix_product_shelf_rank", "shelf", "rank"),)

    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=200, index=True)
    shelf: str = Field(max_length=10)
    rank: int
    weight: float | None = None
    data: dict = Field(sa_type=sa.JSON)
    lines: list[OrderLine] = Relationship(back_populates="product")
