"""What an answer of GitHub that is not a success means: wait, refused, or unavailable. Pure."""

from __future__ import annotations

import datetime
import email.utils
import json
from collections.abc import Mapping

import msgspec

from bot.errors import Postponed

# GitHub: "if neither header is there, wait for at least one minute before retrying".
# https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
WAIT_WITHOUT_A_HINT = 60.0
# What GitHub says is kept, however long: a day bounds only what cannot be meant.
LONGEST_WAIT = 86_400.0
_LIMIT_WORDS = ("secondary rate", "abuse", "rate limit", "submitted too quickly")


class GitHubRefused(Exception):
    """GitHub understood the request and said no (4xx): repeating it unchanged cannot help."""

    def __init__(self, status: int, request: str, message: str) -> None:
        super().__init__(f"GitHub refused {request} with {status}: {message}")
        self.status = status
        self.message = message


class GitHubUnavailable(Exception):
    """No usable answer (5xx, a broken connection, time ran out): a write may or may not have happened.

    `pending`: time ran out, so that it may even happen yet.
    """

    def __init__(self, reason: str, *, pending: bool = False) -> None:
        super().__init__(reason)
        self.pending = pending


class Pause(msgspec.Struct, frozen=True):
    """How long GitHub wants us to wait; `said`: in its own words, not by our reading of its manual."""

    seconds: float
    said: bool


class RateLimited(Postponed):
    """GitHub limited whoever asked: nothing may be sent on their account for so long."""

    def __init__(self, pause: Pause, reason: str) -> None:
        super().__init__(pause.seconds, reason)
        self.pause = pause


def pause(status: int, headers: Mapping[str, str], body: str, now: float) -> Pause | None:
    """What GitHub wants us to wait, or None where the answer is no limit. `now` is Unix time.

    Secondary limits come as 403 or 429, with or without headers, and as 422 whose body says abuse.
    """
    if status not in (403, 422, 429, 503):
        return None
    limited = status == 429 or any(word in body.lower() for word in _LIMIT_WORDS)
    announced = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    if not limited and (status == 422 or not announced):
        return None
    seconds = _hinted(headers, now)
    return Pause(WAIT_WITHOUT_A_HINT if seconds is None else seconds, seconds is not None)


def exhausted(headers: Mapping[str, str], now: float) -> Pause | None:
    """What to wait after a success that was the last until GitHub's reset; None where more may come."""
    if headers.get("x-ratelimit-remaining") != "0":
        return None
    seconds = _number(headers.get("x-ratelimit-reset"), minus=now)
    return None if seconds is None or seconds <= 0 else Pause(min(seconds, LONGEST_WAIT), said=True)


def message(body: str) -> str:
    """The sentence and the details of an error body, at most 500 characters."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return body.strip()[:500]
    if not isinstance(parsed, dict):
        return body.strip()[:500]
    parts = [str(parsed.get("message", ""))]
    errors = parsed.get("errors")
    parts += [item if isinstance(item, str) else json.dumps(item) for item in errors or ()]
    return "; ".join(part for part in parts if part)[:500]


def _hinted(headers: Mapping[str, str], now: float) -> float | None:
    seconds = _retry_after(headers.get("retry-after"), now)
    if seconds is None and headers.get("x-ratelimit-remaining") == "0":
        seconds = _number(headers.get("x-ratelimit-reset"), minus=now)
    return None if seconds is None else min(max(seconds, 1.0), LONGEST_WAIT)


def _retry_after(value: str | None, now: float) -> float | None:
    if value is None:
        return None
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.timestamp() - now


def _number(value: str | None, *, minus: float = 0.0) -> float | None:
    try:
        return float(value) - minus if value is not None else None
    except ValueError:
        return None
