from fastapi import APIRouter, FastAPI

from . import users
from .settings import VERSION, settings

extra = APIRouter()


@extra.get("/extra", include_in_schema=True)
def read_extra() -> str:
    return ""


ROUTERS = [(users.router, "/first"), (users.router, "/second")]


def register_routes(app: FastAPI) -> None:
    for router, prefix in ROUTERS:
        app.include_router(router, prefix=settings.versioned + prefix)
    app.include_router(extra, prefix="%s/%s" % (settings.api_prefix, VERSION), include_in_schema=False)
    app.include_router(prefix="/keyword", router=extra, tags=["x", "y"])
    parent.include_router(child)
    app.include_router(parent)


parent = APIRouter(prefix="/parent", include_in_schema=False)
child = APIRouter(prefix="/child")


@child.get("/leaf")
def leaf() -> str:
    return ""
