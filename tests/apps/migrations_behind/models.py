import uuid
from datetime import UTC, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel


def now() -> datetime:
    return datetime.now(UTC)


class Customer(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    name: str = Field(max_length=200)
    nickname: str | None = Field(default=None, max_length=50)
    motto: str = Field(default="it's me", max_length=100)
    is_active: bool = True
    visits: int
    credit: Decimal = Field(max_digits=14, decimal_places=2)
    joined_at: datetime = Field(default_factory=now, sa_type=sa.DateTime(timezone=True))
    seen_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
    note: str = ""
    remark: str | None = None
    city: str = Field(index=True)
    tags: list[str] | None = Field(default=None, sa_type=postgresql.ARRAY(sa.String))
    login: str | None = Field(default=None, unique=True)
    badge: str | None = Field(default=None, index=True, unique=True)


class Purchase(SQLModel, table=True):
    __table_args__ = (sa.Index("ix_purchase_customer_number", "customer_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(sa_type=sa.BigInteger)
    customer_id: uuid.UUID = Field(foreign_key="customer.id", ondelete="CASCADE")
    referrer_id: uuid.UUID | None = Field(default=None, foreign_key="customer.id")
    voucher_id: int | None = Field(default=None, foreign_key="voucher.id", index=True)


class VoucherUse(SQLModel, table=True):
    __tablename__ = "voucher_use"
    __table_args__ = (sa.UniqueConstraint("voucher_id", "used_at"),)

    id: int | None = Field(default=None, primary_key=True)
    voucher_id: int = Field(foreign_key="voucher.id", index=True, ondelete="CASCADE")
    used_at: datetime = Field(sa_column=sa.Column(sa.DateTime, server_default=sa.func.now(), nullable=False))
    how: str = Field(sa_column=sa.Column(sa.Text, server_default="by hand", nullable=False))


class Voucher(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=20, unique=True, index=True)
    value: Decimal = Field(max_digits=8, decimal_places=2)
    terms: dict = Field(sa_type=postgresql.JSONB)
