"""The receiver: the webhook on its own fast path, FastAPI for the few pages."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator

from fastapi import FastAPI
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import app_changes
from bot.delivery import Door
from bot.metrics.deliveries import DeliveryCount
from bot.registration import WEBHOOK_PATH
from bot.settings import Settings
from bot.triggers import ACTED_ON
from bot.web import metrics
from bot.web.headers import SecureHeaders
from bot.web.pages import router
from bot.web.webhook import Webhook

REDIS_SECONDS = 4.0
"""GitHub waits 10 seconds for an answer: Redis gets less than half of that, twice."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """The ASGI application of `serve`."""

    webhook: Webhook
    pages: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request to the webhook or to the pages."""
        if scope["type"] == "http" and scope["path"] == WEBHOOK_PATH:
            await self.webhook(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


def receiver(settings: Settings) -> Receiver:
    """The receiver that the settings describe."""
    redis = Redis.from_url(
        settings.redis_url,
        decode_responses=True,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(ConstantBackoff(0.05), 1),
    )
    door = Door(
        secrets=settings.webhook_secrets,
        host=settings.github_host,
        app=settings.github_app_id,
        acted_on=ACTED_ON | app_changes.ACTED_ON,
    )

    @contextlib.asynccontextmanager
    async def connected(_pages: FastAPI) -> AsyncIterator[None]:
        yield
        await redis.aclose()

    pages = FastAPI(
        title="Backend Architect", docs_url=None, redoc_url=None, openapi_url=None, lifespan=connected
    )
    deliveries = DeliveryCount()
    pages.state.redis, pages.state.settings, pages.state.deliveries = redis, settings, deliveries
    pages.include_router(router)
    pages.include_router(metrics.router)
    return Receiver(
        webhook=Webhook(
            door=door, redis=redis, deliveries=deliveries, coalesce_seconds=settings.coalesce_seconds
        ),
        pages=SecureHeaders(pages),
    )
