"""GitHub's secondary limits for each installation, and who did not wait as GitHub had asked.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

import dataclasses
import email.utils
import re
import threading
from collections import defaultdict
from collections.abc import Mapping

from bot.demo.github.faults import SECONDARY_LIMIT
from bot.demo.github.refusal import Refusal

MINUTE, HOUR = 60.0, 3_600.0
UNSAID_SECONDS = 60.0
READ_POINTS, WRITE_POINTS = 1, 5
_CONTENT = re.compile(r"/(comments|reviews|reactions)$")
_TOKENS = re.compile(r"/app/installations/(\d+)/access_tokens$")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of an installation. `at` is Unix time."""

    method: str
    path: str
    at: float

    @property
    def points(self) -> int:
        return READ_POINTS if self.method == "GET" else WRITE_POINTS

    @property
    def content(self) -> bool:
        """Whether it makes something that people are told of."""
        return self.method != "GET" and _CONTENT.search(self.path) is not None


@dataclasses.dataclass(slots=True, kw_only=True)
class Rates:
    """What installations asked for. With `enforced`, GitHub's limits hold, and early requests are refused.

    What is on its way when GitHub asks to wait cannot be held back any more: for `in_flight` seconds nothing
    is taken for early.
    """

    enforced: bool = False
    points_a_minute: int = 900
    content_a_minute: int = 80
    content_an_hour: int = 500
    in_flight: float = 0.5
    early: list[Asked] = dataclasses.field(default_factory=list)
    _asked: dict[int, list[Asked]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    _pauses: dict[int, tuple[float, float]] = dataclasses.field(default_factory=dict)
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def take(self, method: str, path: str, installation: int | None, at: float) -> Refusal | None:
        """Count a request; the refusal where it comes too soon or is one too many."""
        installation = _whose(path, installation)
        if installation is None or ".git/" in path:
            return None
        asked = Asked(method=method, path=path, at=at)
        with self._lock:
            since, until = self._pauses.get(installation, (0.0, 0.0))
            if since + self.in_flight < at < until:
                self.early.append(asked)
                return _wait(until - at) if self.enforced else None
            self._asked[installation].append(asked)
            return _wait(MINUTE) if self.enforced and self._exceeded(installation, at) else None

    def note(
        self, path: str, installation: int | None, status: int, headers: Mapping[str, str], at: float
    ) -> None:
        """Remember until when an installation was asked to wait."""
        installation = _whose(path, installation)
        spent = headers.get("x-ratelimit-remaining") == "0"
        limited = status in (403, 429) and "retry-after" in headers
        # git shows its user no headers, so nothing can be asked of them by these.
        if installation is None or ".git/" in path:
            return
        if not (limited or (spent and (status < 400 or status in (403, 429)))):
            return
        until = _moment(headers, at)
        with self._lock:
            _, held = self._pauses.get(installation, (0.0, 0.0))
            if until > held:
                self._pauses[installation] = (at, until)

    def let_time_pass(self) -> None:
        """Nobody has to wait any more."""
        with self._lock:
            self._pauses.clear()

    def asked(self, installation: int) -> list[Asked]:
        """What was asked with the installation's tokens, in order."""
        with self._lock:
            return sorted(self._asked[installation], key=lambda each: each.at)

    def _exceeded(self, installation: int, at: float) -> bool:
        recent = [each for each in self._asked[installation] if each.at > at - HOUR]
        self._asked[installation] = recent
        minute = [each for each in recent if each.at > at - MINUTE]
        return (
            sum(each.points for each in minute) > self.points_a_minute
            or sum(each.content for each in minute) > self.content_a_minute
            or sum(each.content for each in recent) > self.content_an_hour
        )


def _whose(path: str, installation: int | None) -> int | None:
    found = _TOKENS.search(path)
    return int(found.group(1)) if found else installation


def _wait(seconds: float) -> Refusal:
    return Refusal(403, SECONDARY_LIMIT, headers={"retry-after": str(int(seconds) + 1)})


def _moment(headers: Mapping[str, str], at: float) -> float:
    """When the wait ends that the headers ask for."""
    said = headers.get("retry-after")
    if said is None:
        return float(headers.get("x-ratelimit-reset", at + UNSAID_SECONDS))
    if said.isdigit():
        return at + int(said)
    return email.utils.parsedate_to_datetime(said).timestamp()
