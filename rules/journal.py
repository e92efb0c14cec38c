"""What a review is doing right now, in memory that a watching process shares."""

from __future__ import annotations

import contextlib
import enum
import mmap
import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.clocks import Clocks

_HEADER = struct.Struct("=ddBH")
_SIZE = 4096


class Step(enum.IntEnum):
    """A kind of work that may not come back."""

    NONE = 0
    FILE = 1
    RULE = 2
    MODEL = 3


LIMITS: Mapping[Step, float] = {Step.NONE: 60.0, Step.FILE: 10.0, Step.RULE: 20.0, Step.MODEL: 60.0}
"""Seconds of processor time that one step may take, so that a busy host gives up no healthy review."""

WAITING = 5
"""How many times its limit a step may take by the clock on the wall: it waits, and computes nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: its kind, the path or code it is about, and when it began."""

    step: Step
    name: str
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Overdue:
    """A step that took longer than it may, and the limit in words."""

    entry: Entry
    reason: str


class Journal:
    """Holds the innermost step; the steps around it are remembered by the writing process alone."""

    def __init__(self, limits: Mapping[Step, float] = LIMITS) -> None:
        """Make an empty journal that process forks share; `limits` are the seconds of a step of each kind.

        The forked process writes it: its processor time begins at nought.
        """
        self._limits = limits
        self._memory = mmap.mmap(-1, _SIZE)
        self._write(Entry(Step.NONE, "", time.monotonic(), 0.0))

    @contextlib.contextmanager
    def during(self, step: Step, name: str) -> Iterator[None]:
        """Mark the work inside as `step` on `name`; afterwards the step around it goes on."""
        outer = self.current()
        self._write(_begun(step, name))
        try:
            yield
        finally:
            self._write(_begun(Step.NONE, outer.name) if outer.step is Step.NONE else outer)

    def current(self) -> Entry:
        """The step that is under way. A torn read shows at worst a wrong name for one look."""
        wall, cpu, step, length = _HEADER.unpack_from(self._memory)
        start = _HEADER.size
        name = self._memory[start : start + length].decode("utf-8", "ignore")
        return Entry(Step(step) if step in LIMITS else Step.NONE, name, wall, cpu)

    def overdue(self, now: Clocks) -> Overdue | None:
        """The step under way if it took longer than its limit, by the writing process's clocks `now`."""
        entry = self.current()
        limit = self._limits[entry.step]
        if now.cpu is not None and now.cpu - entry.cpu > limit:
            return Overdue(entry, f"took longer than {limit:g} s of processor time")
        patience = limit if now.cpu is None else limit * WAITING
        return (
            Overdue(entry, f"took longer than {patience:g} s") if now.wall - entry.wall > patience else None
        )

    def _write(self, entry: Entry) -> None:
        name = entry.name.encode("utf-8")[: _SIZE - _HEADER.size]
        data = _HEADER.pack(entry.wall, entry.cpu, entry.step, len(name)) + name
        self._memory[: len(data)] = data


def _begun(step: Step, name: str) -> Entry:
    return Entry(step, name, time.monotonic(), time.process_time())
