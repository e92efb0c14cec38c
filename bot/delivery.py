"""The door: headers and raw body to a `Delivery`, or a refusal with the status that the sender gets.

Nothing is parsed before the signature over the exact bytes was found right. Facts: GitHub signs the raw
body with HMAC-SHA256 in `X-Hub-Signature-256`; a redelivery keeps its `X-GitHub-Delivery`.
Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

from bot.errors import Refused
from bot.payload import Payload

SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}\Z")
GUID = re.compile(r"[0-9A-Za-z-]{8,64}\Z")
EVENT = re.compile(r"[a-z0-9_]{1,64}\Z")

_DECODER = msgspec.json.Decoder(Payload)
_ANYTHING = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Malformed(Refused):
    """Not a delivery as GitHub makes them: 400."""


class Forged(Refused):
    """Nobody who knows the webhook secret signed this: 401."""


class Oversized(Refused):
    """A body larger than any that GitHub sends: 413."""


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the door lets in: signatures by any of `secrets`, deliveries for `app` on GitHub `host`.

    `app` empty: the App's id is not configured, and deliveries for any App pass.
    `acted_on`: events whose payload is read; of all others only the JSON is checked.
    """

    secrets: tuple[bytes, ...]
    host: str
    app: str
    acted_on: frozenset[str]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One genuine delivery."""

    guid: str
    event: str
    host: str
    app: str
    payload: Payload


def receive(headers: Mapping[str, str], body: bytes, door: Door) -> Delivery:
    """Let a delivery in. `headers` have lower-case names. Raises `Forged` or `Malformed`."""
    if not signed(headers.get("x-hub-signature-256", ""), body, door.secrets):
        raise Forged("signature missing or wrong")
    guid, event = headers.get("x-github-delivery", ""), headers.get("x-github-event", "")
    if not GUID.match(guid) or not EVENT.match(event):
        raise Malformed("X-GitHub-Delivery or X-GitHub-Event missing or malformed")
    target = headers.get("x-github-hook-installation-target-id", "")
    if target and door.app and target != door.app:
        raise Malformed("the delivery is for another App")
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Malformed("the webhook's content type must be application/json")
    payload = _payload(body, event, door.acted_on)
    return Delivery(guid=guid, event=event, host=door.host, app=door.app, payload=payload)


def signed(signature: str, body: bytes, secrets: tuple[bytes, ...]) -> bool:
    """Whether one of the secrets signed exactly this body; every secret is tried, in constant time."""
    if not SIGNATURE.match(signature):
        return False
    given = signature.encode()
    matches = [hmac.compare_digest(given, _signature(secret, body)) for secret in secrets if secret]
    return any(matches)


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.digest(secret, body, hashlib.sha256).hex().encode()


def _payload(body: bytes, event: str, acted_on: frozenset[str]) -> Payload:
    try:
        if event in acted_on:
            return _DECODER.decode(body)
        _ANYTHING.decode(body)
    except RecursionError:
        raise Malformed("the JSON is nested too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Malformed("the body is not the JSON that GitHub sends for this event") from None
    return Payload()
