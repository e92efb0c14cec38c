from fastapi import Depends, FastAPI

from billing.access import authenticate
from billing.api import customers, invoices, me, office

app = FastAPI(title="Billing", dependencies=[Depends(authenticate)])
app.include_router(customers, prefix="/v1")
app.include_router(invoices, prefix="/v1")
app.include_router(office, prefix="/v1")
app.include_router(me, prefix="/v1")
