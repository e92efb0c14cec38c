from fastapi import FastAPI

from . import baskets

app = FastAPI()
app.include_router(baskets.router)
