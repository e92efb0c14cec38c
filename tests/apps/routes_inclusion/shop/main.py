from fastapi import Depends, FastAPI

from shop import deps
from shop.registry import register_routes

app = FastAPI(dependencies=[Depends(deps.app_wide)])
register_routes(app)


@app.get("/direct")
def direct() -> str:
    return ""
