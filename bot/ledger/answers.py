"""What GitHub answered one installation, by address, to be asked for again by its ETag.

No answer is taken from here without GitHub saying that it is still so, to a token of that installation.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass

from redis import Redis

from bot.ledger import scripts
from bot.ledger.retention import DAY_MILLISECONDS

LARGEST_ANSWER = 64 * 1024
"""Compressed: a full page of a list is a twentieth of its JSON."""
MOST_ANSWERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of the installation whose keys begin with `place` (`Scope.place`).

    At most 256, each of at most 64 KiB, for a day. `redis` must give texts.
    """

    redis: Redis
    place: str

    def find(self, address: str) -> tuple[str, bytes] | None:
        """The ETag and the body of the last answer from this address."""
        tag, body = self.redis.hmget(self._key(address), ["tag", "body"])
        return (
            None if tag is None or body is None else (str(tag), zlib.decompress(base64.b64decode(str(body))))
        )

    def keep(self, address: str, tag: str, body: bytes) -> None:
        """Remember an answer, if it is not too large."""
        packed = base64.b64encode(zlib.compress(body)).decode()
        if len(packed) > LARGEST_ANSWER:
            return
        keys = (self._key(address), f"{self.place}answers")
        args = (tag, packed, DAY_MILLISECONDS, MOST_ANSWERS)
        scripts.run(self.redis, "keep_answer", keys, args)

    def _key(self, address: str) -> str:
        return f"{self.place}answer:{hashlib.sha256(address.encode()).hexdigest()}"
