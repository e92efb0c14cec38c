from sqlmodel import Field, SQLModel


class Registration(SQLModel):
    email: str = Field(max_length=200)
    password: str = Field(min_length=8, max_length=100)


class Credentials(SQLModel):
    email: str
    password: str


class UserPublic(SQLModel):
    id: int
    email: str


class UserUpdate(SQLModel):
    email: str | None = None


class NotebookCreate(SQLModel):
    title: str = Field(max_length=100)


class NotebookPublic(SQLModel):
    id: int
    title: str


class NoteCreate(SQLModel):
    text: str = Field(max_length=5000)


class NoteUpdate(SQLModel):
    text: str | None = None


class NotePublic(SQLModel):
    id: int
    text: str
    notebook_id: int


class ReminderCreate(SQLModel):
    message: str = Field(max_length=200)


class ReminderPublic(SQLModel):
    id: int
    message: str


class Token(SQLModel):
    access_token: str
    token_type: str = "bearer"
