"""Secrets that one App's workers share in Redis, sealed under its private key, which Redis never sees."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis import Redis

_NONCE_BYTES = 12


def key_from(private_key: str) -> bytes:
    """The key to seal with: whoever has the App's private key has it, and nobody else."""
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"backend-architect sealed in redis")
    return derivation.derive(private_key.strip().encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Values by name. What was sealed under another name or key is not there. `redis` must give texts."""

    redis: Redis
    key: bytes = field(repr=False)

    def find(self, name: str) -> bytes | None:
        """The value of this name."""
        held = self.redis.get(name)
        if held is None:
            return None
        try:
            sealed = base64.b64decode(str(held), validate=True)
            return AESGCM(self.key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            return None

    def keep(self, name: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for so long."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(self.key).encrypt(nonce, value, name.encode())
        self.redis.set(name, base64.b64encode(sealed).decode(), px=max(1, round(seconds * 1_000)))

    def drop(self, name: str) -> None:
        """Forget the value."""
        self.redis.delete(name)
