from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import create_engine

make_session = sessionmaker(create_engine("sqlite://"))
COLUMNS = {"newest": "id DESC", "title": "title"}


def get_session() -> Iterator[Session]:
    with make_session() as session:
        yield session


class Catalogue:
    def __init__(self, session: Annotated[Session, Depends(get_session)]) -> None:
        self.session = session

    def by_title(self, title: str) -> None:
        self.session.execute(text("SELECT id FROM book WHERE title = :title"), {"title": title})  # guards bound

    def ordered(self, column: str) -> None:
        self.session.execute(text(f"SELECT id FROM book ORDER BY {column}"))  # sink pattern

    def page(self, number: int) -> None:
        self.session.execute(text(f"SELECT id FROM book LIMIT 10 OFFSET {number}"))  # sink page

    def sorted_by(self, name: str) -> None:
        column = COLUMNS[name]  # guards lookup
        self.session.execute(text(f"SELECT id FROM book ORDER BY {column}"))  # sink lookup
