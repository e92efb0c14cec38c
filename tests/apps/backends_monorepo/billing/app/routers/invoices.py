from fastapi import APIRouter, Depends
from kit.paging import Paging

from ..deps import bearer

router = APIRouter(prefix="/invoices")


@router.get("")
def list_invoices(page: Paging, token: str = Depends(bearer)) -> list[int]:
    return []


@router.delete("/{id}", status_code=204)
def cancel_invoice(id: int, token: str = Depends(bearer)) -> None: ...
