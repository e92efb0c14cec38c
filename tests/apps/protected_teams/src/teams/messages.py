from pydantic import BaseModel, ConfigDict


class Public(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AccountOut(Public):
    id: int
    name: str


class TeamOut(Public):
    id: int
    name: str


class ProjectIn(BaseModel):
    name: str


class ProjectOut(Public):
    id: int
    name: str


class TaskIn(BaseModel):
    title: str
    done: bool = False


class TaskChange(BaseModel):
    title: str | None = None
    done: bool | None = None


class TaskOut(Public):
    id: int
    title: str
    done: bool


class MemberIn(BaseModel):
    user_id: int
    role: str = "member"


class ProfileIn(BaseModel):
    name: str | None = None


class DraftIn(BaseModel):
    body: str


class DraftOut(Public):
    id: int
    body: str
