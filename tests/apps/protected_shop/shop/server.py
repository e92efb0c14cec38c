from fastapi import APIRouter, Depends, FastAPI

from shop import account, orders
from shop.guards import authenticated, require_role

app = FastAPI(title="Shop")
private = APIRouter(dependencies=[Depends(authenticated)])
private.include_router(orders.router)
private.include_router(orders.vouchers)
private.include_router(account.router)
app.include_router(private)
app.include_router(account.admin, prefix="/admin", dependencies=[Depends(require_role("admin"))])
app.include_router(account.stock, prefix="/stock", dependencies=[Depends(require_role("admin", "clerk"))])
