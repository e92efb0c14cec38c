from uuid import uuid4

from fastapi import APIRouter, HTTPException
from sqlmodel import delete, select, update

from shop.data import Address, Customer, Database, Product
from shop.guards import Shopper
from shop.views import AddressEntry, AddressView, CustomerChange, CustomerView, ProductEntry, ProductView

router = APIRouter()
admin = APIRouter()
stock = APIRouter()


@router.get("/account", response_model=CustomerView)
def account(shopper: Shopper) -> Customer:
    return shopper


@router.patch("/account", response_model=CustomerView)
def change_account(session: Database, shopper: Shopper, change: CustomerChange) -> Customer:
    shopper.sqlmodel_update(change.model_dump(exclude_unset=True))
    session.add(shopper)
    session.commit()
    session.refresh(shopper)
    return shopper


@router.get("/customers/{customer_id}/addresses", response_model=list[AddressView])
def addresses(session: Database, shopper: Shopper, customer_id: str) -> list[Address]:
    if customer_id != shopper.id:
        raise HTTPException(status_code=403, detail="These are not your addresses")
    return list(session.exec(select(Address).where(Address.customer_id == customer_id).limit(50)))


@router.post("/addresses", response_model=AddressView)
def add_address(session: Database, shopper: Shopper, entry: AddressEntry) -> Address:
    address = Address(id=str(uuid4()), street=entry.street, customer_id=shopper.id)
    session.add(address)
    session.commit()
    session.refresh(address)
    return address


@router.put("/addresses/{address_id}", status_code=204)
def move(session: Database, shopper: Shopper, address_id: str, entry: AddressEntry) -> None:
    session.exec(
        update(Address)
        .where(Address.id == address_id)
        .where(Address.customer_id == shopper.id)
        .values(street=entry.street)
    )
    session.commit()


@router.delete("/addresses/{address_id}", status_code=204)
def forget(session: Database, shopper: Shopper, address_id: str) -> None:
    session.exec(delete(Address).where(Address.id == address_id, Address.customer_id == shopper.id))
    session.commit()


@admin.get("/customers", response_model=list[CustomerView])
def customers(session: Database) -> list[Customer]:
    return list(session.exec(select(Customer).limit(100)))


@admin.delete("/customers/{customer_id}", status_code=204)
def remove_customer(session: Database, customer_id: str) -> None:
    session.exec(delete(Customer).where(Customer.id == customer_id))
    session.commit()


@admin.put("/customers/{customer_id}/role", status_code=204)
def change_role(session: Database, customer_id: str, role: str) -> None:
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise HTTPException(status_code=404, detail="Customer not found")
    customer.role = role
    session.add(customer)
    session.commit()


@stock.post("/products", response_model=ProductView)
def add_product(session: Database, entry: ProductEntry) -> Product:
    product = Product(id=str(uuid4()), **entry.model_dump())
    session.add(product)
    session.commit()
    session.refresh(product)
    return product


@stock.delete("/products/{product_id}", status_code=204)
def drop_product(session: Database, product_id: str) -> None:
    session.exec(delete(Product).where(Product.id == product_id))
    session.commit()


@router.get("/delivery-times")
def delivery_times() -> dict[str, int]:
    return {"standard": 3, "express": 1}
