from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UserOutput(Output):
    id: int
    login: str


class UserInput(BaseModel):
    login: str | None = None


class FolderInput(BaseModel):
    name: str


class FolderOutput(Output):
    id: int
    name: str


class FileInput(BaseModel):
    name: str
    size: int = 0


class FileOutput(Output):
    id: int
    name: str


class BookmarkInput(BaseModel):
    label: str


class BookmarkOutput(Output):
    id: int
    label: str
