"""Whom a connection asks: before every request, when GitHub set a limit, and for what GitHub said before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.ledger.budget import Lane


class Gate(Protocol):
    """One installation's right to send requests; `bot.ledger.budget.Budget` is the real one."""

    def enter(self, lane: Lane, *, briefly: bool = False) -> None:
        """Return when a request may be sent; `briefly`: at once. Raises `Postponed`."""

    def pause(self, seconds: float, *, said: bool) -> float:
        """GitHub limited the installation; gives the seconds to wait."""


class Held(Protocol):
    """Answers of GitHub that one installation may be shown again; `bot.ledger.answers.Answers` keeps them."""

    def find(self, address: str) -> tuple[str, bytes] | None:
        """The ETag and the body of the last answer from this address."""

    def keep(self, address: str, tag: str, body: bytes) -> None:
        """Remember an answer, if it is not too large."""


class OpenGate:
    """Lets everything through: for whoever asks GitHub on no installation's account."""

    def enter(self, lane: Lane, *, briefly: bool = False) -> None:
        """Nothing to wait for."""
        del lane, briefly

    def pause(self, seconds: float, *, said: bool) -> float:
        """What GitHub said."""
        del said
        return seconds


class NothingHeld:
    """Remembers nothing."""

    def find(self, address: str) -> tuple[str, bytes] | None:
        """Nothing."""
        del address
        return None

    def keep(self, address: str, tag: str, body: bytes) -> None:
        """Let it go."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the requests of one installation share; by default nothing is counted or remembered."""

    gate: Gate = field(default_factory=OpenGate)
    held: Held = field(default_factory=NothingHeld)


def lane_of(method: str, path: str) -> Lane:
    """The lane of a request; `path` is below the repository."""
    if method == "GET":
        return Lane.READS
    return Lane.CHECKS if path.startswith("/check-runs") else Lane.COMMENTS
