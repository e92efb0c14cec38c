from database import get_session
from fastapi import APIRouter, Depends
from schemas import Item

router = APIRouter()


@router.get("/items")
def list_items(session=Depends(get_session)) -> list[Item]:
    return []
