from collections.abc import Awaitable, Callable

from fastapi import Request, Response, status
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.types import ASGIApp


class RequestSizeMiddleware(BaseHTTPMiddleware):
    def __init__(self, app: ASGIApp, largest: int) -> None:
        super().__init__(app)
        self.largest = largest

    async def dispatch(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        length = request.headers.get("content-length", "0")
        if length.isdigit() and int(length) > self.largest:
            return JSONResponse(
                {"detail": "The request is too large."},
                status_code=status.HTTP_413_CONTENT_TOO_LARGE,
            )
        return await call_next(request)
