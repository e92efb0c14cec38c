from database import Session, get_session
from fastapi import APIRouter, Depends
from schemas import Hit

router = APIRouter(prefix="/search")


@router.get("/items", response_model=Hit)
async def find_items(words: str, session: Session = Depends(get_session)): ...


@router.post("/index", status_code=202)
async def index(session: Session = Depends(get_session)) -> None: ...
