"""The pages beside the webhook: whether the receiver lives, and whether it can take deliveries."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, status
from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError

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
