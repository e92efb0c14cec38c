"""What a benchmark found, as data: the figures, what they were measured on, and the targets."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import msgspec

from benchmarks.peers import versions
from benchmarks.rounds import Figure

COLD = "ours, cold"
WARM = "ours, warm, 3 files changed"
RESIDENT = "ours, resident, 3 files changed"
WORKER = "ours, worker's job, base and head"
MIGRATIONS = "ours, cold, with migrations"
AT_LINES = "ours, cold, 85,000 lines"
GROWTH = "the part of it that is replicated"


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much Python there is."""

    files: int
    lines: int


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where it was measured; `load` is the average of a minute before it began."""

    processor: str
    cores: int
    system: str
    python: str
    load: float


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A figure to reach: at most `limit`; None where there is no figure that counts."""

    name: str
    limit: float
    reached: float | None
    unit: str

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.reached is not None and self.reached <= self.limit


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page and the chart show."""

    date: str
    machine: Machine
    versions: dict[str, str]
    project: str
    sizes: dict[str, Size]
    figures: list[Figure]
    scaling: list[Figure]
    """Of the `sizes` under `GROWTH`."""

    def named(self, name: str) -> Figure | None:
        """The figure of that name."""
        return next((found for found in (*self.figures, *self.scaling) if found.name == name), None)


def machine() -> Machine:
    """Describe this one."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return Machine(
        processor=names[0] if names else platform.machine(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=platform.python_version(),
        load=os.getloadavg()[0],
    )


def all_versions() -> dict[str, str]:
    """Ours, the parser's and the peers'."""
    here = {name: metadata.version(name) for name in ("backend-architect", "libcst")}
    return {**here, **versions()}


def today() -> str:
    """The date in UTC."""
    return datetime.now(UTC).date().isoformat()


def targets(report: Report) -> list[Target]:
    """What was to be reached, and what was."""
    ratio, warm = _of(report.named(COLD), "ratio"), _of(report.named(WARM), "cpu")
    resident, peak = _of(report.named(RESIDENT), "cpu"), _of(report.named(AT_LINES), "peak")
    linear = growth(report.scaling)
    return [
        Target(name="cold, against libcst.parse_module", limit=0.25, unit="× CPU", reached=ratio),
        Target(name="command line, 3 files changed", limit=0.5, unit="s CPU", reached=warm),
        Target(name="resident, 3 files changed", limit=0.2, unit="s CPU", reached=resident),
        Target(name="memory at 85,000 lines", limit=300, unit="MB", reached=peak),
        Target(name="a file at the largest size", limit=1.15, unit="× its cost at 1×", reached=linear),
    ]


def growth(scaling: Sequence[Figure]) -> float | None:
    """Return how the cost of one file at the largest size compares to that at the smallest; 1 is linear."""
    counted = [found for found in scaling if found.failure is None]
    if len(counted) < len(scaling) or len(counted) < 2:
        return None
    first, last = counted[0], counted[-1]
    return last.cpu / times(last) / (first.cpu / times(first))


def times(found: Figure) -> int:
    """Return the number of copies that a figure of the scaling is about: `16×` → 16."""
    return int(found.name.partition("×")[0])


def _of(found: Figure | None, value: str) -> float | None:
    if found is None or found.failure is not None:
        return None
    given: float | None = getattr(found, value)
    return given
