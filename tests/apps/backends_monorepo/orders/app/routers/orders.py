from app.deps import get_account
from app.models import Order
from fastapi import APIRouter, Depends
from kit.paging import Paging

router = APIRouter(prefix="/orders", dependencies=[Depends(get_account)])


@router.get("", response_model=list[Order])
def list_orders(page: Paging): ...


@router.get("/{id}", response_model=Order)
def read_order(id: int): ...
