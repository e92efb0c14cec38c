import uuid

from sqlmodel import Field, SQLModel


class LabelCreate(SQLModel):
    name: str = Field(min_length=1, max_length=60)


class LabelPublic(LabelCreate):
    id: uuid.UUID


class Label(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    name: str = Field(max_length=60, unique=True, index=True)
