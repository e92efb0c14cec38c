import enum
import uuid
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel


class State(enum.Enum):
    OPEN = "open"
    DONE = "done"


class Owner(SQLModel, table=True):
    id: uuid.UUID = Field(primary_key=True)
    name: str = Field(max_length=80)
    code: str = Field(unique=True)
    email: str = Field(index=True)
    login: str = Field(index=True, unique=True)
    nickname: str | None = None
    title: str
    age: int
    visits: int = Field(sa_type=sa.BigInteger)
    balance: Decimal = Field(max_digits=12, decimal_places=2)
    price: Decimal = Field(max_digits=8, decimal_places=2)
    ratio: float
    seen_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    made_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    state: State
    bio: str = Field(sa_type=sa.Text)
    settings: dict = Field(sa_type=postgresql.JSONB)
    extras: dict = Field(sa_type=sa.JSON().with_variant(postgresql.JSONB(), "postgresql"))
    tags: list = Field(sa_type=sa.ARRAY(sa.String))
    short: str = Field(max_length=10)
    unlimited: str
    fresh: str


class Team(SQLModel, table=True):
    __table_args__ = (
        sa.UniqueConstraint("name", "city"),
        sa.Index("ix_team_city_size", "city", "size"),
        sa.Index("renamed_here", "size"),
    )

    id: int = Field(primary_key=True)
    name: str
    city: str
    size: int
    owner_id: uuid.UUID = Field(foreign_key="owner.id", ondelete="CASCADE")
    lead_id: uuid.UUID = Field(foreign_key="owner.id", ondelete="SET NULL", nullable=True)
    aide_id: uuid.UUID = Field(foreign_key="owner.id")
    guest_id: uuid.UUID
    slug: str = Field(unique=True)
    rank: int = Field(index=True)


class Quiet(SQLModel, table=True):
    __tablename__ = "calm"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40, index=True)
    team_id: int = Field(foreign_key="team.id", ondelete="CASCADE", index=True)
    amount: Decimal = Field(max_digits=10, decimal_places=2)
    flag: bool = False
    day: datetime = Field(sa_type=sa.DateTime(timezone=True))


class Unmade(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
