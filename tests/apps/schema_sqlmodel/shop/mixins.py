import uuid
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pydantic import NaiveDatetime
from sqlalchemy import Column, DateTime, func
from sqlmodel import Field, SQLModel

Key: TypeAlias = Annotated[uuid.UUID, Field(primary_key=True)]
Slug = Annotated[str, Field(max_length=40, index=True)]
LENGTH = 120


def now() -> datetime:
    return datetime.now(UTC)


class Identified(SQLModel):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)


class Stamped(SQLModel):
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    updated_at: datetime | None = Field(default=None, sa_column_kwargs={"onupdate": now, "server_default": func.now()})
    seen_at: NaiveDatetime | None = None


class Named(SQLModel):
    title: str = Field(min_length=1, max_length=LENGTH)
    description: str | None = Field(default=None, max_length=255)


def stamp_column() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False, index=True)
