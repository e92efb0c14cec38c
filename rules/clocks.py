"""How long a process has lived and computed: the clocks that its limits are measured by."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

_SCHEDULER = 2
"""Linux: the clock that counts every thread of a process exactly (CPUCLOCK_SCHED in posix-timers.h)."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Seconds: monotonic, and of processor time, None where the host does not tell that of others."""

    wall: float
    cpu: float | None


def clocks_of(process: int) -> Clocks:
    """The clocks of a process that runs, or that nobody has waited for yet."""
    return Clocks(time.monotonic(), _processor_time(process))


def _processor_time(process: int) -> float | None:
    """As clock_getcpuclockid(3) finds the clock, which Python does not offer."""
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime(~process << 3 | _SCHEDULER)
    except OSError:
        return None
