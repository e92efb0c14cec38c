from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Stamped(SQLModel):
    created_at: datetime = Field(sa_type=sa.DateTime)


class Author(Stamped, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=50)
    bio: str | None = None


class Book(Stamped, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="author.id")
    isbn: str = Field(sa_column_kwargs={"name": "isbn13"})
    pages: int = Field(sa_column=sa.Column("page_count", sa.Integer, nullable=False))


class Loan(SQLModel, table=True):
    id: int = Field(primary_key=True)
    book_id: int = Field(foreign_key="books.id")


class Shelf(SQLModel, table=True):
    id: int = Field(primary_key=True)
