"""Every request that reached the local GitHub, for tests and for the demo's account of what happened."""

from __future__ import annotations

import dataclasses
import threading
import time


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request. `at` is Unix time; `app` and `installation` are of its token; status 0 means cut off."""

    method: str
    path: str
    status: int
    app: int | None
    installation: int | None
    at: float
    seconds: float
    fault: str | None = None


class RequestLog:
    """Requests in the order in which they were answered."""

    def __init__(self) -> None:
        self._entries: list[LoggedRequest] = []
        self._lock = threading.Lock()

    def add(self, entry: LoggedRequest) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self, method: str | None = None, path: str = "") -> list[LoggedRequest]:
        """Those of this method whose path contains `path`."""
        with self._lock:
            return [each for each in self._entries if method in (None, each.method) and path in each.path]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def now() -> float:
    return time.time()
