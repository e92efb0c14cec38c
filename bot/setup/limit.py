"""How many requests a client may make: a bucket for each, refilled as time goes by."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import msgspec

BURST = 30.0
PER_SECOND = 0.5
MOST_CLIENTS = 1_024


class Bucket(msgspec.Struct, frozen=True):
    """What was left at a moment."""

    left: float
    at: float


class RequestLimit:
    """Lets 30 requests of a client through at once and then one every two seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def wait(self, client: str) -> int:
        """Count a request; 0 where it may go on, else the whole seconds until the next may."""
        now = self._clock()
        held = self._buckets.pop(client, None) or Bucket(BURST, now)
        left = min(BURST, held.left + (now - held.at) * PER_SECOND)
        allowed = left >= 1
        self._buckets[client] = Bucket(left - 1 if allowed else left, now)
        while len(self._buckets) > MOST_CLIENTS:
            del self._buckets[next(iter(self._buckets))]
        return 0 if allowed else math.ceil((1 - left) / PER_SECOND)
