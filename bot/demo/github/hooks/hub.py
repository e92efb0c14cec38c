"""Tells every App what happened in the repositories it is installed on."""

from __future__ import annotations

import dataclasses
import json
import uuid
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import httpx

from bot.demo.github.accounts import App, Installation, User
from bot.demo.github.hooks import delivery as deliveries
from bot.demo.github.hooks.delivery import Delivery
from bot.demo.github.repository import Repository
from bot.demo.github.shapes.accounts import node_id, user
from bot.demo.github.shapes.repository import repository as repository_shape
from bot.demo.github.state import State

ALWAYS_DELIVERED = frozenset({"installation", "installation_repositories"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened; `details` is the event's part of the payload, `only` the one App that it concerns."""

    name: str
    action: str
    repository: Repository
    sender: User
    details: dict[str, Any]
    only: App | None = None


class Hub:
    """Deliveries in the order of events, one at a time, in the background; kept for redelivery."""

    def __init__(self, state: State, url: str) -> None:
        self.state = state
        self.url = url
        self.deliveries: list[Delivery] = []
        self._lost_in_advance = 0
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="webhooks")
        self._client = httpx.Client(trust_env=False)
        self._pending: set[Future[None]] = set()

    def emit(self, event: Event) -> None:
        for installation in self.state.installations_on(event.repository):
            if _concerns(event, installation.app):
                self._deliver(installation, event)

    def announce_installation(
        self,
        installation: Installation,
        details: dict[str, Any],
        *,
        event: str = "installation",
        action: str = "created",
    ) -> None:
        """The events on installations, which every App gets whether or not it asked for them."""
        payload = {"action": action, **details, "sender": user(self.url, installation.account)}
        self._queue(installation, event, action, None, payload)

    def _deliver(self, installation: Installation, event: Event) -> None:
        payload = {
            "action": event.action,
            **event.details,
            "repository": repository_shape(self.url, event.repository),
            "sender": user(self.url, event.sender),
            "installation": {"id": installation.id, "node_id": node_id("MDIz", installation.id)},
        }
        self._queue(installation, event.name, event.action, event.repository.id, payload)

    def _queue(
        self,
        installation: Installation,
        name: str,
        action: str,
        repository_id: int | None,
        payload: dict[str, Any],
    ) -> None:
        if not installation.app.webhook_url:
            return
        self._send(
            Delivery(
                id=self.state.new_id(),
                guid=str(uuid.uuid4()),
                app=installation.app,
                event=name,
                action=action,
                installation_id=installation.id,
                repository_id=repository_id,
                body=json.dumps(payload, separators=(",", ":")).encode(),
                delivered_at=self.state.clock(),
            )
        )

    def redeliver(self, original: Delivery) -> Delivery:
        """Another attempt under the same GUID, as GitHub does when asked."""
        attempt = dataclasses.replace(
            original,
            id=self.state.new_id(),
            delivered_at=self.state.clock(),
            is_redelivery=True,
            status_code=None,
            status="pending",
        )
        self._send(attempt)
        return attempt

    def lose_next(self, times: int = 1) -> None:
        """The next deliveries never arrive; their records say so."""
        self._lost_in_advance += times

    def _send(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        if self._lost_in_advance:
            self._lost_in_advance -= 1
            deliveries.lose(delivery)
            return
        future = self._sender.submit(deliveries.send, delivery, self._client)
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)

    def wait(self, seconds: float = 30.0) -> None:
        """Until everything that was queued has been delivered or has failed."""
        wait(tuple(self._pending), timeout=seconds)

    def close(self) -> None:
        self._sender.shutdown(wait=True, cancel_futures=True)
        self._client.close()


def _concerns(event: Event, app: App) -> bool:
    if event.only is not None:
        return event.only is app
    return event.name in app.events or event.name in ALWAYS_DELIVERED
