"""The fence: asked before every write to GitHub whether this worker may still write."""

from __future__ import annotations

import dataclasses

from redis import Redis

from bot.errors import LeaseLost, Superseded
from bot.ledger import names, scripts


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One worker's right to write about one item. `generation` is None for commands and lookups.

    `redis` must give texts (`decode_responses=True`).
    """

    redis: Redis
    item: str
    token: str
    generation: int | None = None

    def check(self) -> None:
        """Return if writing is still right. Raises `LeaseLost` or `Superseded`."""
        answer = self._ask()
        if answer == "superseded":
            raise Superseded(self.item)
        if answer != "held":
            raise LeaseLost(self.item)

    def check_lease(self) -> None:
        """Return if the lease is still ours, newer requests or not: for ending one's own check run.

        Raises `LeaseLost`.
        """
        if self._ask() not in ("held", "superseded"):
            raise LeaseLost(self.item)

    def _ask(self) -> str:
        keys = (names.lease_of(self.item), names.state_of(self.item))
        generation = "" if self.generation is None else str(self.generation)
        return str(scripts.run(self.redis, "check_fence", keys, (self.token, generation)))
