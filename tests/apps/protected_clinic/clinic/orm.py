import os
from collections.abc import AsyncIterator
from functools import lru_cache

from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Practitioner(Base):
    __tablename__ = "practitioner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    scopes: Mapped[str] = mapped_column(default="")
    disabled: Mapped[bool] = mapped_column(default=False)


class Patient(Base):
    __tablename__ = "patient"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)

    records: Mapped[list["Record"]] = relationship(back_populates="patient")


class Record(Base):
    __tablename__ = "record"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)

    patient: Mapped[Patient] = relationship(back_populates="records", lazy="joined")


class Appointment(Base):
    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)


class Letter(Base):
    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)


@lru_cache
def sessions() -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(create_async_engine(os.environ["DATABASE_URL"]), expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions()() as session:
        yield session
