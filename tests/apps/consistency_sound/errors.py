from fastapi import Request
from fastapi.responses import JSONResponse


class StockError(Exception):
    """Something is wrong with the stock."""


class OutOfStock(StockError):
    """There is none left."""


class Unsold(StockError):
    """It was never sold."""


def answer(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=409)
