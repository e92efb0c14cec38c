"""Paired rounds: everybody once, back and forth, so that a busy machine is busy for all alike."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence

import msgspec

from benchmarks.contestants import REFERENCE, Contestant
from benchmarks.measurement import Run


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Medians over the rounds; `ratio` is the median of CPU divided by the reference's of the same round.

    `lowest` and `highest` are of the CPU. A figure with a `failure` is of runs that do not count.
    """

    name: str
    rounds: int
    cpu: float
    lowest: float
    highest: float
    wall: float
    peak: float
    ratio: float | None = None
    reference: str = REFERENCE
    failure: str | None = None


def measured(contestants: Sequence[Contestant], first: int = 1) -> list[Figure]:
    """Run all rounds; a contestant takes part in its first so many. Numbers of rounds count from `first`."""
    rounds: list[dict[str, Run]] = []
    for number in range(max((contestant.rounds for contestant in contestants), default=0)):
        present = [contestant for contestant in contestants if contestant.rounds > number]
        runs: dict[str, Run] = {}
        for contestant in present if number % 2 == 0 else reversed(present):
            runs[contestant.name] = run = contestant.run(first + number)
            sys.stderr.write(f"    round {number + 1}  {contestant.name:32} {_said(run)}\n")
        rounds.append(runs)
    return [figure(contestant, rounds) for contestant in contestants]


def figure(contestant: Contestant, rounds: Sequence[Mapping[str, Run]]) -> Figure:
    """Sum up a contestant's runs."""
    own = [runs[contestant.name] for runs in rounds if contestant.name in runs]
    both = [runs for runs in rounds if {contestant.name, contestant.reference} <= runs.keys()]
    ratios = [runs[contestant.name].cpu / runs[contestant.reference].cpu for runs in both]
    cpu = [run.cpu for run in own]
    return Figure(
        name=contestant.name,
        rounds=len(own),
        cpu=statistics.median(cpu),
        lowest=min(cpu),
        highest=max(cpu),
        wall=statistics.median(run.wall for run in own),
        peak=max(run.peak for run in own),
        ratio=statistics.median(ratios) if ratios else None,
        reference=contestant.reference,
        failure=next((run.failure for run in own if run.failure), None),
    )


def _said(run: Run) -> str:
    said = f"{run.cpu:8.2f} s CPU {run.wall:8.2f} s {run.peak:6.0f} MB"
    return said if run.failure is None else f"{said}  DOES NOT COUNT: {run.failure}"
