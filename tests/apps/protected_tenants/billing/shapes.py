from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UserShape(Shape):
    id: int
    email: str


class UserPatch(BaseModel):
    email: str | None = None


class CustomerShape(Shape):
    id: int
    name: str


class NewCustomer(BaseModel):
    name: str


class CustomerPatch(BaseModel):
    name: str | None = None


class InvoiceShape(Shape):
    id: int
    number: str
    paid: bool


class NewInvoice(BaseModel):
    number: str


class NewLine(BaseModel):
    text: str
    amount: int = 0


class LineShape(Shape):
    id: int
    text: str
    amount: int
