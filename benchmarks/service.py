"""`make bench-service`: the receiver, the way from a delivery to its check run, and idle memory.

Writes one JSON file for each figure into the folder given.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import logging
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks import latency, receiver


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A figure held against its target; `sense` is "≤" or "≥"."""

    name: str
    value: float
    sense: str
    limit: float
    unit: str

    @property
    def passed(self) -> bool:
        """Whether the target is met."""
        return self.value <= self.limit if self.sense == "≤" else self.value >= self.limit


def main(arguments: list[str]) -> int:
    """Return the exit code: 1 where a target is missed."""
    logging.disable(logging.WARNING)
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.redirect_stdout(io.StringIO()):
        results = list(_results())
    for result in results:
        sys.stdout.write(
            f"{result.name}: {result.value:g} {result.unit} (target {result.sense} {result.limit:g})\n"
        )
        _keep(folder, result)
    return int(not all(result.passed for result in results))


def _results() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder:
        taken = receiver.measured(Path(folder))
    yield Result(
        name="receiver: accepted deliveries on one core",
        value=taken.a_second,
        sense="≥",
        limit=1_000,
        unit="/s",
    )
    yield Result(
        name="receiver: accepted deliveries for each second of its CPU time",
        value=taken.a_busy_second,
        sense="≥",
        limit=1_000,
        unit="/s",
    )
    yield Result(
        name="receiver: p99 at 200 deliveries a second",
        value=taken.p99_milliseconds,
        sense="≤",
        limit=50,
        unit="ms",
    )
    yield Result(name="receiver: idle", value=taken.idle_megabytes, sense="≤", limit=80, unit="MB")
    with tempfile.TemporaryDirectory(prefix="architect-") as folder:
        way = latency.measured(Path(folder))
    yield Result(name="delivery → completed check run: p50", value=way.p50, sense="≤", limit=1, unit="s")
    yield Result(name="delivery → completed check run: p95", value=way.p95, sense="≤", limit=2, unit="s")
    yield Result(name="worker: idle", value=way.idle_megabytes, sense="≤", limit=200, unit="MB")


def _keep(folder: Path, result: Result) -> None:
    document = {
        **{name: getattr(result, name) for name in ("name", "value", "sense", "limit", "unit", "passed")},
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    name = re.sub(r"[^a-z0-9]+", "-", result.name.lower()).strip("-")
    (folder / f"bench-{name}.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
