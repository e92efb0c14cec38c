"""The webhook, as plain ASGI: it is the hot path, and a framework would cost more than the work.

Answers: 202 with a word once Redis has it (or nothing is wanted), 400 malformed, 401 forged, 405, 408, 413,
503 when Redis cannot take it. GitHub waits 10 seconds and never tries again by itself.
Source: https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.types import Receive, Scope, Send

from bot import app_changes, delivery, triggers
from bot.delivery import Door, Forged, Malformed, Oversized
from bot.errors import Refused
from bot.ledger import intake
from bot.metrics.deliveries import DeliveryCount
from bot.web.headers import secured

log = structlog.get_logger(__name__)

LARGEST_BODY = 25 * 1024 * 1024
"""GitHub sends no larger payload: https://docs.github.com/webhooks/webhook-events-and-payloads"""
BODY_SECONDS = 10.0

STATUS: Mapping[type[Refused], int] = {Malformed: 400, Forged: 401, Oversized: 413}
REFUSALS = {400: "malformed", 401: "forged", 408: "slow", 413: "oversized", 503: "unrecorded"}
"""What the metrics call a delivery that was not taken."""


class SenderGone(Exception):
    """The connection ended before the body did: there is nobody to answer."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """The ASGI application behind `POST /webhook`."""

    door: Door
    redis: Redis
    deliveries: DeliveryCount = dataclasses.field(default_factory=DeliveryCount)
    coalesce_seconds: float = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await _answer(send, scope["scheme"], 405, b"POST deliveries here\n")
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            status, text = await self._take(headers, receive)
        except SenderGone:
            return
        self.deliveries.add(headers.get("x-github-event", ""), REFUSALS.get(status) or _word(text))
        await _answer(send, scope["scheme"], status, text)

    async def _take(self, headers: dict[str, str], receive: Receive) -> tuple[int, bytes]:
        guid = headers.get("x-github-delivery", "")[:64]
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await read_body(headers, receive)
            taken = delivery.receive(headers, body, self.door)
            wanted = triggers.wanted(taken) or app_changes.app_change(taken)
            if wanted is None:
                return 202, b"nothing to do\n"
            recorded = await intake.record(
                self.redis, taken.guid, wanted, coalesce_seconds=self.coalesce_seconds
            )
        except TimeoutError:
            return 408, b"the body took too long\n"
        except Refused as refused:
            log.warning("delivery refused", delivery=guid, reason=str(refused))
            return STATUS[type(refused)], f"{refused}\n".encode()
        except (RedisError, OSError) as error:
            log.error("delivery not recorded", delivery=guid, error=type(error).__name__)  # noqa: TRY400
            return 503, b"the queue is not reachable, deliver again later\n"
        log.info("delivery taken", delivery=guid, event_name=taken.event, recorded=recorded.value)
        return 202, f"{recorded.value}\n".encode()


async def read_body(headers: dict[str, str], receive: Receive) -> bytes:
    """The whole body. Raises `Oversized` as soon as it is known to be too large, or `SenderGone`."""
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > LARGEST_BODY:
        raise Oversized("the body is larger than 25 MiB")
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SenderGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise Oversized("the body is larger than 25 MiB")
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _answer(send: Send, scheme: str, status: int, text: bytes) -> None:
    """Answer with a word, or like everywhere with `{"detail": …}` where it is a refusal."""
    kind = b"text/plain; charset=utf-8"
    if status >= 400:
        kind, text = b"application/json", msgspec.json.encode({"detail": text.decode().strip()})
    headers = [(b"content-type", kind), (b"content-length", str(len(text)).encode())]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": secured(headers, scheme)})
    await send({"type": "http.response.body", "body": text})


def _word(text: bytes) -> str:
    return text.decode().split(maxsplit=1)[0]
