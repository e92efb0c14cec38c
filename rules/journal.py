"""What a review is doing right now, in memory that a watching process shares."""

from __future__ import annotations

import contextlib
import enum
import mmap
import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_HEADER = struct.Struct("=dBH")
_SIZE = 4096


class Step(enum.IntEnum):
    """A kind of work that may not come back."""

    NONE = 0
    FILE = 1
    RULE = 2
    MODEL = 3


LIMITS: Mapping[Step, float] = {Step.NONE: 60.0, Step.FILE: 10.0, Step.RULE: 20.0, Step.MODEL: 60.0}
"""Seconds that one step may take."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: its kind, the path or code it is about, and when it began (monotonic seconds)."""

    step: Step
    name: str
    began: float


class Journal:
    """Holds the innermost step; the steps around it are remembered by the writing process alone."""

    def __init__(self, limits: Mapping[Step, float] = LIMITS) -> None:
        """Make an empty journal that process forks share; `limits` are the seconds of a step of each kind."""
        self._limits = limits
        self._memory = mmap.mmap(-1, _SIZE)
        self._write(Entry(Step.NONE, "", time.monotonic()))

    @contextlib.contextmanager
    def during(self, step: Step, name: str) -> Iterator[None]:
        """Mark the work inside as `step` on `name`; afterwards the step around it goes on."""
        outer = self.current()
        self._write(Entry(step, name, time.monotonic()))
        try:
            yield
        finally:
            began = time.monotonic() if outer.step is Step.NONE else outer.began
            self._write(Entry(outer.step, outer.name, began))

    def current(self) -> Entry:
        """The step that is under way. A torn read shows at worst a wrong name for one look."""
        began, step, length = _HEADER.unpack_from(self._memory)
        start = _HEADER.size
        name = self._memory[start : start + length].decode("utf-8", "ignore")
        return Entry(Step(step) if step in LIMITS else Step.NONE, name, began)

    def overdue(self, now: float) -> Entry | None:
        """The step under way if it took longer than its limit."""
        entry = self.current()
        return entry if now - entry.began > self._limits[entry.step] else None

    def _write(self, entry: Entry) -> None:
        name = entry.name.encode("utf-8")[: _SIZE - _HEADER.size]
        data = _HEADER.pack(entry.began, entry.step, len(name)) + name
        self._memory[: len(data)] = data
