"""Faults that a test asks for in advance: what GitHub does on a bad day."""

from __future__ import annotations

import dataclasses
import email.utils
import enum
import re
import threading
import time

from bot.demo.github.refusal import Refusal

SECONDARY_LIMIT = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)


class Fault(enum.StrEnum):
    """What goes wrong with one request."""

    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    DROP_BEFORE = "the connection is cut and nothing is done"
    DROP_AFTER = "the request is done and the answer is lost"
    SLOW = "the request is done and answered late"
    RETRY_AFTER = "403 with Retry-After"
    RETRY_DATE = "403 with Retry-After as a date"
    SECONDARY = "403 of the secondary limit, without headers"
    TOO_MANY = "429 with the time of the reset"
    ABUSE = "422 that says abuse"
    UNAUTHORIZED = "401"
    SPENT = "the request is done, and was the last until the reset"


@dataclasses.dataclass(slots=True, kw_only=True)
class PlannedFault:
    """A fault for the next `times` requests of this method and path; `seconds` is its delay."""

    method: str
    path: re.Pattern[str]
    fault: Fault
    times: int
    seconds: float


class Faults:
    """The faults that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._planned: list[PlannedFault] = []
        self._lock = threading.Lock()

    def next(self, method: str, path: str, fault: Fault, times: int = 1, *, seconds: float = 1.0) -> None:
        """Let the next `times` requests whose path contains the regular expression `path` meet `fault`."""
        planned = PlannedFault(
            method=method, path=re.compile(path), fault=fault, times=times, seconds=seconds
        )
        with self._lock:
            self._planned.append(planned)

    def take(self, method: str, path: str) -> PlannedFault | None:
        """The fault for this request, used up by one."""
        with self._lock:
            for planned in self._planned:
                if planned.times and planned.method in (method, "*") and planned.path.search(path):
                    planned.times -= 1
                    return planned
        return None

    def remaining(self) -> int:
        with self._lock:
            return sum(planned.times for planned in self._planned)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()


def nothing_left(planned: PlannedFault) -> dict[str, str]:
    """The headers that say that the hour's requests are used up."""
    reset = str(int(time.time() + planned.seconds))
    return {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}


def answer_of(planned: PlannedFault) -> Refusal | None:
    """GitHub's answer for a fault that is an answer; None for those that are cut or late."""
    seconds = str(int(planned.seconds))
    date = email.utils.formatdate(time.time() + planned.seconds, usegmt=True)
    spent = nothing_left(planned)
    answers = {
        Fault.SERVER_ERROR: Refusal(500, "Server Error"),
        Fault.BAD_GATEWAY: Refusal(502, "Server Error"),
        Fault.RETRY_AFTER: Refusal(403, SECONDARY_LIMIT, headers={"retry-after": seconds}),
        Fault.RETRY_DATE: Refusal(403, SECONDARY_LIMIT, headers={"retry-after": date}),
        Fault.SECONDARY: Refusal(403, SECONDARY_LIMIT),
        Fault.TOO_MANY: Refusal(429, "API rate limit exceeded for installation.", headers=spent),
        Fault.ABUSE: Refusal(
            422,
            "Validation Failed",
            errors=[
                {
                    "resource": "Issue",
                    "code": "abuse",
                    "field": "data",
                    "message": "was submitted too quickly",
                }
            ],
        ),
        Fault.UNAUTHORIZED: Refusal(401, "Bad credentials"),
    }
    return answers.get(planned.fault)
