"""One attempt to deliver a webhook: signed headers, the post, and the record that GitHub keeps of it."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from bot.demo.github.accounts import App

PATIENCE = 10.0
NO_ANSWER = 502
KEPT = datetime.timedelta(days=3)
"""How long github.com lists a delivery and repeats it when asked."""


@dataclasses.dataclass(slots=True, kw_only=True)
class Delivery:
    """`body` is what was signed and sent; `status_code` is None until the receiver answered or failed to."""

    id: int
    guid: str
    app: App
    event: str
    action: str | None
    installation_id: int | None
    repository_id: int | None
    body: bytes
    delivered_at: datetime.datetime
    is_redelivery: bool = False
    status_code: int | None = None
    status: str = "pending"
    duration: float = 0.0
    response_headers: dict[str, str] = dataclasses.field(default_factory=dict)
    response_body: str = ""

    def headers(self) -> dict[str, str]:
        signature = hmac.new(self.app.webhook_secret.encode(), self.body, hashlib.sha256).hexdigest()
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/demo",
            "X-GitHub-Delivery": self.guid,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": str(self.app.hook_id),
            "X-GitHub-Hook-Installation-Target-ID": str(self.app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": f"sha256={signature}",
        }


def send(delivery: Delivery, client: httpx.Client) -> None:
    """Post the delivery and note what came back; GitHub waits 10 seconds and never repeats by itself."""
    started = time.monotonic()
    try:
        answer = client.post(
            delivery.app.webhook_url, content=delivery.body, headers=delivery.headers(), timeout=PATIENCE
        )
    except httpx.TimeoutException:
        _note(delivery, 504, "timed out")
    except httpx.HTTPError:
        _note(delivery, NO_ANSWER, "failed to connect to host")
    else:
        delivery.response_headers = dict(answer.headers)
        delivery.response_body = answer.text
        _note(
            delivery,
            answer.status_code,
            "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}",
        )
    delivery.duration = round(time.monotonic() - started, 3)


def lose(delivery: Delivery) -> None:
    """Note a delivery that never reached its receiver."""
    _note(delivery, NO_ANSWER, "failed to connect to host")


def _note(delivery: Delivery, code: int, status: str) -> None:
    delivery.status_code, delivery.status = code, status


def listed(delivery: Delivery) -> dict[str, Any]:
    """A delivery as the list shows it."""
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "redelivery": delivery.is_redelivery,
        "duration": delivery.duration,
        "status": delivery.status,
        "status_code": delivery.status_code or 0,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def detailed(delivery: Delivery) -> dict[str, Any]:
    return {
        **listed(delivery),
        "url": delivery.app.webhook_url,
        "request": {"headers": delivery.headers(), "payload": json.loads(delivery.body)},
        "response": {"headers": delivery.response_headers, "payload": delivery.response_body},
    }
