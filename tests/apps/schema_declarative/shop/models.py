import dataclasses
import datetime
import enum
import uuid
from decimal import Decimal
from typing import Any, List, Literal, NewType, Optional

import sqlalchemy as sa
from sqlalchemy import Column, Enum, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, JSONB, UUID
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, column_property, composite, deferred, mapped_column, relationship

from shop.base import Base, DataBase, LowerMixin, OwnedMixin, SnakeMixin, TimeMixin, UuidMixin, intpk, long_text, money, str50, user_fk

Code = NewType("Code", str)


class Color(enum.Enum):
    RED = "r"
    GREEN = "g"


order_tag = Table(
    "order_tag",
    Base.metadata,
    Column("order_id", ForeignKey("customer_order.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
)


class UserAccount(SnakeMixin, TimeMixin, Base):
    id: Mapped[intpk]
    name: Mapped[str50]
    nickname: Mapped[Optional[str50]]
    email: Mapped[str] = mapped_column(String(320), unique=True, index=True)
    bio: Mapped[long_text | None]
    settings: Mapped[dict[str, Any]]
    extra: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSONB), default=dict)
    color: Mapped[Color]
    shade: Mapped[Optional[Literal["light", "dark"]]]
    kinds: Mapped[Color] = mapped_column(Enum(Color, values_callable=lambda e: [m.value for m in e]), nullable=True)
    age: Mapped[int]
    balance: Mapped[money]
    code: Mapped[Code] = mapped_column(String(8))
    token: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    legacy_token = Column("old_token", UUID(as_uuid=True), nullable=False)
    born: Mapped[datetime.date | None]
    rate: Mapped[Decimal] = mapped_column(sa.Numeric(5, 3))
    labels: Mapped[List[str]] = mapped_column(ARRAY(String(10)), server_default="{}")
    insensitive: Mapped[str] = mapped_column(CITEXT)
    lazy: Mapped[str] = deferred(mapped_column(sa.Text, nullable=True))
    orders: Mapped[List["CustomerOrder"]] = relationship(back_populates="owner", foreign_keys="CustomerOrder.owner_id")


@dataclasses.dataclass
class Point:
    x: float
    y: float


class CustomerOrder(SnakeMixin, OwnedMixin, Base):
    id: Mapped[int] = mapped_column(Integer, sa.Identity(), primary_key=True)
    number: Mapped[str] = mapped_column("order_number", String(20))
    point: Mapped[Point] = composite(mapped_column("px"), mapped_column("py"))
    cart_id: Mapped[user_fk]
    parent_id: Mapped[Optional[int]] = mapped_column(ForeignKey("customer_order.id"))
    owner: Mapped["UserAccount"] = relationship(back_populates="orders", foreign_keys="CustomerOrder.owner_id")
    tags: Mapped[List["Tag"]] = relationship(secondary=order_tag, back_populates="orders")
    kind: Mapped[str] = mapped_column(String(10))
    double = column_property(id * 2)

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "plain"}
    __table_args__ = (UniqueConstraint("order_number", "owner_id"), Index("ix_order_point", "px", "py"))


class GiftOrder(CustomerOrder):
    message: Mapped[str | None] = mapped_column(String(80))
    __tablename__ = None
    __mapper_args__ = {"polymorphic_identity": "gift"}


class Tag(LowerMixin, Base):
    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(unique=True)
    orders: Mapped[List[CustomerOrder]] = relationship(secondary=order_tag, back_populates="tags")


class Abstract(Base):
    __abstract__ = True
    __table_args__ = {"schema": "audit"}

    id: Mapped[intpk]
    note: Mapped[Optional[str]]
    hidden = Column(Integer)


class Event(Abstract):
    __tablename__ = "event"
    note = None
    hidden = None
    user_id = mapped_column(ForeignKey(UserAccount.id), nullable=False)
    order_id = mapped_column(sa.ForeignKey("customer_order.id"))


class Vehicle(Base):
    __tablename__ = "vehicle"
    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(5))
    __mapper_args__ = {"polymorphic_on": "type"}


class Car(Vehicle):
    __tablename__ = "car"
    id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), primary_key=True)
    doors: Mapped[int | None]


class Document(UuidMixin, DataBase):
    __tablename__ = "document"
    title: Mapped[str]
    pages: Mapped[int] = mapped_column(default=0, kw_only=True)
    body: Mapped[Optional[str]] = mapped_column(sa.Text, default=None, kw_only=True)


class ExplicitTable(Base):
    __table__ = Table("explicit", Base.metadata, Column("id", Integer, primary_key=True), Column("v", sa.Float, nullable=False))
