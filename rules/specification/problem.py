"""Why a specification, or a part of one, cannot be read or taken at its word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """A place of a specification that says too little, or two things: a person should decide."""

    path: str
    line: int
    message: str


class Unreadable(Exception):
    """A specification that is not read at all; the text says why."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
