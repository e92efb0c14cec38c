"""The pages beside the webhook: does the receiver live, can it take deliveries, what after installing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, status
from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.responses import HTMLResponse

from bot.html.page import page
from bot.registration import CHECK_NAME, INSTALLED_PATH

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The answer of both pages."""

    status: Literal["ok"]


def connected_redis(request: Request) -> Redis:
    """The receiver's Redis."""
    redis: Redis = request.app.state.redis
    return redis


@router.get("/healthz")
async def read_health() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"description": "Redis does not answer."}})
async def read_readiness(redis: Annotated[Redis, Depends(connected_redis)]) -> Health:
    """Say that deliveries can be taken; 503 when Redis does not answer."""
    try:
        await redis.ping()
    except (RedisError, OSError):
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "Redis does not answer.") from None
    return Health(status="ok")


@router.get(INSTALLED_PATH, response_class=HTMLResponse)
async def show_installed() -> HTMLResponse:
    """Where GitHub leads people after they installed the App; what it says of them is not looked at."""
    return page("installed.html", check=CHECK_NAME)
