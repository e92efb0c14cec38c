from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/plugin")
def plugin() -> str:
    return ""


def register(app: FastAPI) -> None:
    app.include_router(router, prefix="/plugins")


@asynccontextmanager
async def lifespan(app: FastAPI):
    register(app)
    yield
