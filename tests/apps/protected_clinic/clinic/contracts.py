from pydantic import BaseModel, ConfigDict


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int


class PractitionerRead(Read):
    name: str


class PractitionerEdit(BaseModel):
    name: str | None = None


class PatientRead(Read):
    name: str


class PatientWrite(BaseModel):
    name: str


class RecordRead(Read):
    text: str


class RecordWrite(BaseModel):
    text: str


class AppointmentRead(Read):
    at: str
    note: str


class AppointmentWrite(BaseModel):
    at: str
    note: str = ""
