from datetime import datetime

from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, index=True)
    hashed_password: str
    is_active: bool = True
    is_admin: bool = False

    notebooks: list["Notebook"] = Relationship(back_populates="owner")


class Notebook(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    owner_id: int = Field(foreign_key="user.id", index=True)

    owner: User = Relationship(back_populates="notebooks")


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
    notebook_id: int = Field(foreign_key="notebook.id", index=True)
    owner_id: int = Field(foreign_key="user.id", index=True)
    deleted_at: datetime | None = None


class Reminder(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    message: str
    user_id: int = Field(foreign_key="user.id", index=True)
