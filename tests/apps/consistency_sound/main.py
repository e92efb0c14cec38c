"""A sound application that does everything in one way."""

from errors import OutOfStock, answer
from fastapi import FastAPI
from models import create_tables
from routers import orders, price_lists, wares

create_tables()
app = FastAPI()
app.add_exception_handler(OutOfStock, answer)
app.include_router(wares)
app.include_router(orders)
app.include_router(price_lists)
