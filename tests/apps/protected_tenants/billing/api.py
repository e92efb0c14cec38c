import csv
import io
from datetime import datetime, timezone
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response
from sqlalchemy import delete, select, update

from billing.access import Accountant, CurrentScope, Database, Scope, require_accountant
from billing.database import Customer, Invoice, Line, Tenant, User
from billing.repository import TenantRepository
from billing.shapes import (
    CustomerPatch,
    CustomerShape,
    InvoiceShape,
    LineShape,
    NewCustomer,
    NewInvoice,
    NewLine,
    UserPatch,
    UserShape,
)


def repository(db: Database, scope: CurrentScope) -> TenantRepository:
    return TenantRepository(db, scope)


Repository = Annotated[TenantRepository, Depends(repository)]
customers = APIRouter(prefix="/customers")
invoices = APIRouter(prefix="/invoices")
office = APIRouter(prefix="/office", dependencies=[Depends(require_accountant)])


@customers.get("")
def list_customers(rows: Repository) -> list[CustomerShape]:
    return [CustomerShape.model_validate(customer) for customer in rows.customers()]


@customers.post("", status_code=201)
def create_customer(db: Database, scope: CurrentScope, body: NewCustomer) -> CustomerShape:
    customer = Customer(**body.model_dump(), tenant_id=scope.tenant_id)
    db.add(customer)
    db.commit()
    return CustomerShape.model_validate(customer)


@customers.get("/{customer_id}")
def show_customer(rows: Repository, customer_id: int) -> CustomerShape:
    return CustomerShape.model_validate(rows.customer(customer_id))


@customers.patch("/{customer_id}")
def patch_customer(db: Database, rows: Repository, customer_id: int, body: CustomerPatch) -> CustomerShape:
    customer = rows.customer(customer_id)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(customer, name, value)
    db.commit()
    return CustomerShape.model_validate(customer)


@customers.delete("/{customer_id}", status_code=204)
def archive_customer(db: Database, scope: CurrentScope, customer_id: int) -> None:
    db.execute(
        update(Customer)
        .where(Customer.id == customer_id, Customer.tenant_id == scope.tenant_id)
        .values(archived_at=datetime.now(timezone.utc))
    )
    db.commit()


@customers.post("/{customer_id}/invoices", status_code=201)
def create_invoice(
    db: Database, scope: CurrentScope, rows: Repository, customer_id: int, body: NewInvoice
) -> InvoiceShape:
    customer = rows.customer(customer_id)
    invoice = Invoice(**body.model_dump(), customer_id=customer.id, tenant_id=scope.tenant_id, paid=False)
    db.add(invoice)
    db.commit()
    return InvoiceShape.model_validate(invoice)


@invoices.get("")
def list_invoices(db: Database, scope: CurrentScope, paid: bool | None = None) -> list[InvoiceShape]:
    statement = select(Invoice).where(Invoice.tenant_id == scope.tenant_id)
    if paid is not None:
        statement = statement.where(Invoice.paid == paid)
    return [InvoiceShape.model_validate(invoice) for invoice in db.scalars(statement.limit(100))]


@invoices.get("/unpaid")
def count_unpaid(rows: Repository) -> dict[str, int]:
    return {"unpaid": rows.unpaid()}


@invoices.get("/export")
def export_invoices(db: Database, scope: CurrentScope) -> Response:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    rows = db.execute(
        select(Invoice.number, Customer.name)
        .join(Customer, Customer.id == Invoice.customer_id)
        .where(Invoice.tenant_id == scope.tenant_id)
        .limit(1000)
    )
    for number, name in rows:
        writer.writerow([number, name])
    return Response(buffer.getvalue(), media_type="text/csv")


@invoices.get("/{invoice_id}")
def show_invoice(rows: Repository, invoice_id: int) -> InvoiceShape:
    return InvoiceShape.model_validate(rows.invoice(invoice_id))


@invoices.post("/{invoice_id}/pay", status_code=204)
def pay_invoice(db: Database, rows: Repository, invoice_id: int) -> None:
    rows.invoice(invoice_id).paid = True
    db.commit()


@invoices.get("/{invoice_id}/lines")
def list_lines(db: Database, rows: Repository, invoice_id: int) -> list[LineShape]:
    invoice = rows.invoice(invoice_id)
    found = db.scalars(select(Line).where(Line.invoice_id == invoice.id).limit(500))
    return [LineShape.model_validate(line) for line in found]


@invoices.post("/{invoice_id}/lines", status_code=201)
def add_line(db: Database, rows: Repository, invoice_id: int, body: NewLine) -> LineShape:
    invoice = rows.invoice(invoice_id)
    line = Line(text=body.text, amount=body.amount, invoice_id=invoice.id)
    db.add(line)
    db.commit()
    return LineShape.model_validate(line)


@invoices.put("/{invoice_id}/lines/{line_id}")
def change_line(db: Database, rows: Repository, invoice_id: int, line_id: int, body: NewLine) -> LineShape:
    line = rows.line(invoice_id, line_id)
    line.text = body.text
    line.amount = body.amount
    db.commit()
    return LineShape.model_validate(line)


@invoices.delete("/{invoice_id}/lines/{line_id}", status_code=204)
def delete_line(db: Database, rows: Repository, invoice_id: int, line_id: int) -> None:
    db.delete(rows.line(invoice_id, line_id))
    db.commit()


@office.get("/users")
def list_users(db: Database, scope: CurrentScope) -> list[UserShape]:
    users = db.scalars(select(User).where(User.tenant_id == scope.tenant_id).limit(100))
    return [UserShape.model_validate(user) for user in users]


@office.put("/users/{user_id}/role")
def change_role(db: Database, scope: CurrentScope, user_id: int, role: str) -> UserShape:
    user = db.get(User, user_id)
    if user is None or user.tenant_id != scope.tenant_id:
        raise HTTPException(status_code=404, detail="No such user")
    user.role = role
    db.commit()
    return UserShape.model_validate(user)


@office.delete("/users/{user_id}", status_code=204)
def remove_user(db: Database, scope: CurrentScope, user_id: int) -> None:
    db.execute(delete(User).where(User.id == user_id, User.tenant_id == scope.tenant_id))
    db.commit()


me = APIRouter(prefix="/me")


@me.get("", response_model=UserShape)
def show_me(db: Database, scope: CurrentScope) -> User | None:
    return db.get(User, scope.user_id)


@me.patch("", response_model=UserShape)
def patch_me(db: Database, scope: CurrentScope, body: UserPatch) -> User | None:
    user = db.get(User, scope.user_id)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    db.commit()
    db.refresh(user)
    return user


@me.put("/plan")
def change_plan(db: Database, scope: Accountant, plan: str) -> dict[str, str]:
    tenant = db.get(Tenant, scope.tenant_id)
    tenant.plan = plan
    db.commit()
    return {"plan": plan}


@me.get("/currencies")
def currencies() -> list[str]:
    return ["EUR", "CHF"]
