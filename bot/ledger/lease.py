"""A lease on one item: taken, kept while the work runs, and given up by its owner alone."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import uuid
from collections.abc import Iterator

import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.ledger import names, scripts
from bot.ledger.retention import ITEM_MILLISECONDS

log = structlog.get_logger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who works on `item`: a fencing token, greater for every new holder. `seconds`: how long it lasts."""

    redis: Redis
    item: str
    token: str
    seconds: float

    def renew(self) -> bool:
        """Make the lease last its full time again; False when it is not ours any more."""
        keys = (names.lease_of(self.item),)
        return bool(scripts.run(self.redis, "renew_lease", keys, (self.token, milliseconds(self.seconds))))


def take(redis: Redis, item: str, *, seconds: float) -> Lease | None:
    """Take the item's lease; None when somebody holds it."""
    keys = (names.lease_of(item), names.state_of(item))
    args = (uuid.uuid4().hex, milliseconds(seconds), ITEM_MILLISECONDS)
    token = scripts.run(redis, "take_lease", keys, args)
    return None if token is None else Lease(redis=redis, item=item, token=token, seconds=seconds)


def release(lease: Lease) -> None:
    """Give the lease up, if it is still ours."""
    scripts.run(lease.redis, "release_lock", (names.lease_of(lease.item),), (lease.token,))


@contextlib.contextmanager
def kept(lease: Lease) -> Iterator[None]:
    """Renew the lease every third of its time, from a thread, while the block runs."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep, args=(lease, ended), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep(lease: Lease, ended: threading.Event) -> None:
    while not ended.wait(lease.seconds / 3):
        try:
            if not lease.renew():
                return
        except RedisError as error:
            log.warning("lease not renewed", item=lease.item, error=type(error).__name__)


def milliseconds(seconds: float) -> int:
    """Seconds in whole milliseconds, at least one."""
    return max(1, round(seconds * 1_000))
