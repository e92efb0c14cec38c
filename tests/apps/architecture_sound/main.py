import routers
import services
from database import create_tables
from fastapi import FastAPI

create_tables()
app = FastAPI()
app.include_router(routers.authors)
app.include_router(routers.books)


@app.get("/")
def read_shop() -> str:
    return services.shop()
