from sqlmodel import Field, Relationship, SQLModel


class Author(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    books: list["Book"] = Relationship(back_populates="author")


class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    stock: int = 0
    author_id: int = Field(foreign_key="author.id", index=True)
    author: Author = Relationship(back_populates="books")


class AuthorCreate(SQLModel):
    name: str


class BookCreate(SQLModel):
    title: str
    author_id: int
    stock: int = 1
