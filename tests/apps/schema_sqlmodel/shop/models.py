import ipaddress
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, List, Literal, Optional, Union

import sqlalchemy as sa
from pydantic import PositiveInt
from sqlalchemy.dialects import postgresql as pg
from sqlmodel import (
    JSON,
    Column,
    Field,
    Index,
    PrimaryKeyConstraint,
    Relationship,
    SQLModel,
    String,
    UniqueConstraint,
)

from shop.kinds import Level, Lowercase, Payload, Status
from shop.mixins import Identified, Key, Named, Slug, Stamped, stamp_column


class UserBase(SQLModel):
    email: str = Field(unique=True, index=True, max_length=255)
    is_active: bool = True
    full_name: str | None = Field(default=None, max_length=255)


class User(UserBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    hashed_password: str
    items: list["Item"] = Relationship(back_populates="owner", cascade_delete=True)


class UserPublic(UserBase):
    id: uuid.UUID


class Membership(SQLModel, table=True):
    user_id: uuid.UUID = Field(foreign_key="user.id", primary_key=True, ondelete="CASCADE")
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", primary_key=True)


class Team(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("name", "city", name="uq_team"), Index("ix_team_city", "city"), {"comment": "t"})
    kind: ClassVar[str] = "team"
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    city: Union[str, None] = None
    members: List["User"] = Relationship(link_model=Membership)


class Item(Identified, Named, Stamped, table=True):
    __tablename__ = "items"

    owner_id: uuid.UUID = Field(foreign_key="user.id", nullable=False, ondelete="CASCADE")
    owner: User | None = Relationship(back_populates="items")
    status: Status = Status.draft
    level: Optional[Level] = None
    title: str = Field(max_length=200, index=True)


class Everything(SQLModel, table=True):
    key: Key
    slug: Slug
    slug_again: Slug = Field(unique=True)
    count: int
    ratio: float = 0.5
    flag: Optional[bool] = None
    day: date
    moment: datetime
    hour: time
    span: timedelta
    raw: bytes
    price: Decimal = Field(max_digits=8, decimal_places=2)
    loose: Decimal
    positive: PositiveInt
    path: Path
    address: ipaddress.IPv4Address
    plain: str = "x"
    wide: str = Field(sa_type=sa.Text)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=pg.JSONB)
    payload: dict[str, Any] = Field(sa_column=Column(Payload))
    tags: list[str] = Field(sa_column=Column("tag_list", JSON, nullable=False))
    lower: str = Field(sa_column=Column(Lowercase(), unique=True))
    forced: Optional[str] = Field(default=None, nullable=False)
    loosened: str = Field(default="", nullable=True)
    stamped: datetime = Field(sa_column=stamp_column())
    renamed: str = Field(sa_column_kwargs={"name": "other_name"})
    literal: Literal["a", "b"] = Field(sa_type=String(1))
    uid: uuid.UUID = Field(sa_column=Column(pg.UUID(as_uuid=True), index=True))
    parent: Optional[uuid.UUID] = Field(sa_column=Column(sa.ForeignKey("user.id", ondelete="SET NULL")))
    annotated: Annotated[Optional[str], Field(max_length=9)] = None
    array: list[str] = Field(sa_column=Column(pg.ARRAY(String)))


class Pair(SQLModel, table=True):
    __table_args__ = (PrimaryKeyConstraint("left", "right"), {"schema": "warehouse"})

    left: int
    right: int


class Computed(SQLModel, table=True):
    @sa.orm.declared_attr.directive
    def __tablename__(cls) -> str:
        return "app_" + cls.__name__.lower()

    id: int = Field(primary_key=True)
    pair_left: int
    pair_right: int
    __table_args__ = (sa.ForeignKeyConstraint(["pair_left", "pair_right"], ["warehouse.pair.left", "warehouse.pair.right"]),)


class Special(Pair, table=True):
    extra: str = "lost"
