"""What GitHub says of the App's webhook deliveries, and asking for one again.

Source: https://docs.github.com/rest/apps/webhooks
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from bot.github.transport import Transport

PER_PAGE = 100


class DeliveryRecord(msgspec.Struct, frozen=True):
    """One attempt at a delivery. A redelivery has the same `guid` and another `id`."""

    id: int
    guid: str
    delivered_at: datetime.datetime
    redelivery: bool
    status: str
    status_code: int
    event: str
    action: str | None = None
    installation_id: int | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver answered that it has it."""
        return 200 <= self.status_code < 300

    @property
    def pending(self) -> bool:
        """Whether the attempt has not ended yet."""
        return self.status_code == 0 and self.status == "pending"


def deliveries_since(transport: Transport, moment: datetime.datetime) -> Iterator[DeliveryRecord]:
    """The attempts of that moment and later, newest first."""
    cursor: str | None = None
    while True:
        following = {} if cursor is None else {"cursor": cursor}
        page, cursor = transport.page("/app/hook/deliveries", {"per_page": PER_PAGE, **following})
        for record in msgspec.convert(page, list[DeliveryRecord]):
            if record.delivered_at < moment:
                return
            yield record
        if cursor is None:
            return


def redeliver(transport: Transport, delivery: int) -> None:
    """Ask for another attempt. Asking twice does no harm: the receiver knows the delivery by its `guid`."""
    transport.send("POST", f"/app/hook/deliveries/{delivery}/attempts", None)
