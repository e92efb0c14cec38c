from fastapi import APIRouter
from web.tables import Basket

router = APIRouter(prefix="/baskets")


def note(basket: Basket) -> str | None:
    return basket.note


@router.get("/{id}")
def read_basket(id: int) -> str: ...
