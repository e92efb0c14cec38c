from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.pool import StaticPool
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)


class WareUpdate(SQLModel):
    name: str | None = Field(default=None, max_length=50)
    left: int | None = None


class WareCreate(SQLModel):
    name: str = Field(max_length=50)


class Ware(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=50)
    left: int = 0


def create_tables() -> None:
    SQLModel.metadata.create_all(engine, tables=[Ware.__table__])


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
