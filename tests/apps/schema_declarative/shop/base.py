import datetime
import re
import uuid
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, MetaData, Numeric, String, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, declared_attr, mapped_column

str50 = Annotated[str, 50]
long_text = Annotated[str, mapped_column(Text)]
intpk = Annotated[int, mapped_column(primary_key=True)]
timestamp = Annotated[datetime.datetime, mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)]
user_fk = Annotated[int, mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)]
money = Annotated[Decimal, mapped_column(Numeric(12, 2))]

NAMING = {"ix": "ix_%(column_0_label)s", "pk": "pk_%(table_name)s"}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str50: String(50), dict[str, Any]: JSON, int: BigInteger, datetime.datetime: DateTime(timezone=True)}


class TimeMixin:
    created_at: Mapped[timestamp]
    updated_at: Mapped[datetime.datetime | None] = mapped_column(onupdate=func.now(), sort_order=99)


class OwnedMixin:
    @declared_attr
    def owner_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("user_account.id"), index=True)

    @declared_attr
    def reviewer_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user_account.id"), nullable=True)


class SnakeMixin:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class LowerMixin:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "s"


class DataBase(MappedAsDataclass, DeclarativeBase):
    pass


class UuidMixin(MappedAsDataclass):
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=uuid.uuid4, init=False)
