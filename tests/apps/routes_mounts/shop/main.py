from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from starlette.middleware.base import BaseHTTPMiddleware


def guard() -> None: ...


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next) -> Response:
        return await call_next(request)


def add_compression(app: FastAPI) -> None:
    app.add_middleware(GZipMiddleware, minimum_size=100)


app = FastAPI(
    dependencies=[Depends(guard)],
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["*"]), Middleware(Timing)],
)
app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])


@app.middleware("http")
async def log(request: Request, call_next) -> Response:
    return await call_next(request)


add_compression(app)
admin = FastAPI()
deep = FastAPI()
router = APIRouter(prefix="/reports")


@admin.get("/users", tags=["admin"])
def users() -> list[str]:
    return []


@deep.get("/leaf")
def leaf() -> str:
    return ""


@router.get("/daily")
def daily() -> str:
    return ""


admin.include_router(router)
admin.mount("/deep", deep)
app.mount("/admin", app=admin)


@app.get("/")
def root() -> str:
    return ""
