"""How an implementation differs from what is specified, and what that means for a client."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rules.rule import Confidence


class Effect(enum.Enum):
    """What a difference does to a client that relies on the specification (classed as oasdiff does)."""

    BREAKS = "breaks"  # requests that are specified fail, or answers are not what is specified
    WEAKENS = "weakens"  # something that is specified is not enforced or not promised
    ADDS = "adds"  # more is there than is specified


class Direction(enum.Enum):
    """Which way a value travels."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `place` says where in the operation, or in which named schema; `said` what differs."""

    effect: Effect
    place: str
    said: str
    confidence: Confidence = Confidence.HIGH
    is_shared: bool = False

    @property
    def text(self) -> str:
        """`request body `title`: …`."""
        return f"{self.place}: {self.said}" if self.place else self.said
