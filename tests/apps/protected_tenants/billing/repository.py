from fastapi import HTTPException
from sqlalchemy import func, select

from billing.access import Scope
from billing.database import Customer, Invoice, Line, Session


class TenantRepository:
    """The rows of one tenant."""

    def __init__(self, db: Session, scope: Scope) -> None:
        self.db = db
        self.scope = scope

    def customers(self) -> list[Customer]:
        statement = select(Customer).where(
            Customer.tenant_id == self.scope.tenant_id, Customer.archived_at.is_(None)
        )
        return list(self.db.scalars(statement.limit(200)))

    def customer(self, customer_id: int) -> Customer:
        statement = select(Customer).where(
            Customer.id == customer_id,
            Customer.tenant_id == self.scope.tenant_id,
            Customer.archived_at.is_(None),
        )
        found = self.db.scalars(statement).one_or_none()
        if found is None:
            raise HTTPException(status_code=404, detail="No such customer")
        return found

    def invoice(self, invoice_id: int) -> Invoice:
        invoice = self.db.get(Invoice, invoice_id)
        if invoice is None:
            raise HTTPException(status_code=404, detail="No such invoice")
        if invoice.tenant_id != self.scope.tenant_id:
            raise HTTPException(status_code=404, detail="No such invoice")
        return invoice

    def line(self, invoice_id: int, line_id: int) -> Line:
        statement = (
            select(Line)
            .join(Invoice, Invoice.id == Line.invoice_id)
            .where(Line.id == line_id)
            .where(Line.invoice_id == invoice_id)
            .where(Invoice.tenant_id == self.scope.tenant_id)
        )
        found = self.db.scalars(statement).first()
        if found is None:
            raise HTTPException(status_code=404, detail="No such line")
        return found

    def unpaid(self) -> int:
        statement = select(func.count(Invoice.id)).where(
            Invoice.tenant_id == self.scope.tenant_id, Invoice.paid.is_(False)
        )
        return self.db.scalar(statement) or 0
