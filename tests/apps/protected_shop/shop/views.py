from pydantic import BaseModel


class CustomerView(BaseModel):
    id: str
    email: str


class CustomerChange(BaseModel):
    email: str | None = None


class AddressView(BaseModel):
    id: str
    street: str


class AddressEntry(BaseModel):
    street: str


class OrderView(BaseModel):
    id: str
    comment: str
    status: str


class OrderEntry(BaseModel):
    comment: str = ""


class ItemEntry(BaseModel):
    product_id: str
    quantity: int = 1
    wish: str = ""


class ItemChange(BaseModel):
    quantity: int | None = None
    wish: str | None = None


class ItemView(BaseModel):
    id: str
    quantity: int
    wish: str


class ProductEntry(BaseModel):
    name: str
    price: int


class ProductView(ProductEntry):
    id: str
