"""Who may use the set-up page: a link that works once opens a session; each trip to GitHub has its state."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from bot.setup.manifest import Described

SESSION_SECONDS = 3_600.0
STATE_SECONDS = 3_600.0
"""GitHub gives the whole manifest flow one hour."""
MOST_SESSIONS = 16
MOST_STATES = 64
Held = TypeVar("Held")


class Session(msgspec.Struct, frozen=True):
    """One browser. `proof` stands in its forms, so that no other site can send them."""

    key: str
    proof: str
    ends: float

    def proves(self, given: str) -> bool:
        """Whether a form came from this session's own page."""
        return hmac.compare_digest(self.proof.encode(), given.encode())


class Trip(msgspec.Struct, frozen=True):
    """A visit to GitHub that is under way."""

    session: str
    form: Described
    ends: float


class Door:
    """Sessions and states, in memory: they end with the process.

    `announce` tells the operator each new token.
    """

    def __init__(self, announce: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._announce = announce
        self._clock = clock
        self._token = ""
        self._used: set[str] = set()
        self._sessions: dict[str, Session] = {}
        self._trips: dict[str, Trip] = {}
        self._renew()

    def enter(self, token: str) -> Session | None:
        """A session for the token, which then works no more; a token that was used brings out a new one."""
        if not hmac.compare_digest(self._token.encode(), token.encode()):
            if token in self._used:
                self._used.discard(token)
                self._renew()
            return None
        self._used = {self._token}
        self._token = secrets.token_urlsafe(32)
        session = Session(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._clock() + SESSION_SECONDS
        )
        self._sessions = _newest(self._sessions, MOST_SESSIONS) | {session.key: session}
        return session

    def session(self, key: str) -> Session | None:
        """The session that a browser says it has."""
        found = self._sessions.get(key)
        return found if found is not None and found.ends > self._clock() else None

    def leave(self, session: Session, form: Described) -> str:
        """The state of a new trip to GitHub."""
        state = secrets.token_urlsafe(32)
        trip = Trip(session.key, form, self._clock() + STATE_SECONDS)
        self._trips = _newest(self._trips, MOST_STATES) | {state: trip}
        return state

    def come_back(self, session: Session, state: str) -> Trip | None:
        """The trip that ends now. A state works once, within its hour and in its own session."""
        trip = self._trips.pop(state, None)
        if trip is None or trip.session != session.key or trip.ends <= self._clock():
            return None
        return trip

    def wait_again(self, state: str, trip: Trip) -> None:
        """GitHub could not be reached: the way back may be tried again."""
        self._trips[state] = trip

    def _renew(self) -> None:
        self._token = secrets.token_urlsafe(32)
        self._announce(self._token)


def _newest(held: dict[str, Held], most: int) -> dict[str, Held]:
    return dict(list(held.items())[-(most - 1) :])
