import os
from datetime import datetime

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine(os.getenv("DATABASE_URL", "sqlite:///./billing.db"))
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class OfTenant:
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id"), index=True)


class Tenant(Base):
    __tablename__ = "tenants"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    plan: Mapped[str] = mapped_column(default="free")


class User(OfTenant, Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    api_key: Mapped[str]
    role: Mapped[str] = mapped_column(default="clerk")


class Customer(OfTenant, Base):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    archived_at: Mapped[datetime | None] = mapped_column(default=None)


class Invoice(OfTenant, Base):
    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    paid: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)


class Line(Base):
    __tablename__ = "lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    amount: Mapped[int] = mapped_column(default=0)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


__all__ = ["Customer", "Invoice", "Line", "Session", "Tenant", "User", "get_db"]
