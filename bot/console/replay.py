"""`replay`: a recorded delivery, signed anew, through the receiver.

The file holds a delivery as GitHub gives it back (`GET /app/hook/deliveries/{id}`):
`{"guid": …, "event": …, "request": {"headers": {…}, "payload": {…}}}`.
Source: https://docs.github.com/rest/apps/webhooks#get-a-delivery-for-an-app-webhook
"""

from __future__ import annotations

import hashlib
import hmac
import urllib.error
import urllib.request
from pathlib import Path

import msgspec

from bot import settings
from bot.console.failure import CommandFailure
from bot.settings import SettingsError

SECONDS = 15


class Request(msgspec.Struct, frozen=True):
    """What GitHub sent."""

    payload: msgspec.Raw
    headers: dict[str, str] = msgspec.field(default_factory=dict)


class Recording(msgspec.Struct, frozen=True):
    """A delivery as GitHub's API shows it."""

    guid: str
    event: str
    request: Request


def run(file: Path, *, url: str | None = None) -> str:
    """Send the delivery to `url`, by default the local receiver; gives the answer's status and text.

    Raises `CommandFailure` if the file, the settings or the receiver do not allow it.
    """
    try:
        chosen = settings.load()
        recording = msgspec.json.decode(file.read_bytes(), type=Recording)
    except SettingsError as error:
        raise CommandFailure(str(error)) from None
    except OSError as error:
        raise CommandFailure(f"{file} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, RecursionError):
        raise CommandFailure(
            f"{file} is no delivery: it needs `guid`, `event` and `request.payload`, as GitHub gives them."
        ) from None
    if not chosen.webhook_secrets:
        raise CommandFailure("GITHUB_WEBHOOK_SECRET is not set: the delivery must be signed anew.")
    target = url or f"http://{chosen.host}:{chosen.port}/webhook"
    return _send(request(recording, chosen.webhook_secrets[0], target))


def request(recording: Recording, secret: bytes, url: str) -> urllib.request.Request:
    """The delivery as GitHub would send it, signed with `secret`."""
    body = bytes(recording.request.payload)
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": recording.event,
        "X-GitHub-Delivery": recording.guid,
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
    }
    return urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310


def _send(signed: urllib.request.Request) -> str:
    try:
        with urllib.request.urlopen(signed, timeout=SECONDS) as answer:  # noqa: S310
            return f"{answer.status} {answer.read().decode().strip()}"
    except urllib.error.HTTPError as error:
        raise CommandFailure(f"The receiver answered {error.code}: {error.read().decode().strip()}") from None
    except (urllib.error.URLError, TimeoutError):
        raise CommandFailure(
            f"No receiver answers at {signed.full_url}: start `backend-architect serve`."
        ) from None
