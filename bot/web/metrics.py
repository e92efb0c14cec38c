"""`/metrics`: for whoever has the token, or without one for this machine alone."""

from __future__ import annotations

import hmac
import ipaddress

from fastapi import APIRouter, Depends, HTTPException, Request, status
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError
from starlette.responses import Response

from bot.ledger.names import Scope
from bot.metrics.deliveries import DeliveryCount
from bot.metrics.exposition import exposition, snapshot
from bot.settings import Settings

router = APIRouter(tags=["metrics"])
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def check_reader(request: Request) -> None:
    """Return if the client may see the metrics. Raises 401 or 403."""
    settings: Settings = request.app.state.settings
    token = settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise HTTPException(
                status.HTTP_401_UNAUTHORIZED,
                "The metrics need the token of METRICS_TOKEN.",
                headers={"www-authenticate": "Bearer"},
            )
    elif not _local(request):
        raise HTTPException(
            status.HTTP_403_FORBIDDEN, "Without METRICS_TOKEN the metrics are for this machine alone."
        )


@router.get("/metrics", response_class=Response, dependencies=[Depends(check_reader)])
async def read_metrics(request: Request) -> Response:
    """All metrics for Prometheus; 503 when Redis does not answer."""
    settings: Settings = request.app.state.settings
    counted: DeliveryCount = request.app.state.deliveries
    scope = Scope(settings.github_host, settings.github_app_id)
    try:
        found = await snapshot(request.app.state.redis, scope, settings.queue)
    except (RedisError, OSError):
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "Redis does not answer.") from None
    return Response(exposition(found, counted.registry), media_type=CONTENT_TYPE_LATEST)


def _local(request: Request) -> bool:
    """Whether the request comes from this machine and through no proxy, as far as can be seen."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    return _loopback(request.client.host) and _loopback(request.url.hostname or "")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
