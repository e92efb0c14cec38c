import uuid

from sqlmodel import Field, SQLModel


class ProjectBase(SQLModel):
    name: str = Field(min_length=1, max_length=120)
    color: str | None = Field(default=None, max_length=7)


class ProjectCreate(ProjectBase):
    pass


class ProjectPublic(ProjectBase):
    id: uuid.UUID


class Project(ProjectBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="user.id", ondelete="CASCADE", index=True)
