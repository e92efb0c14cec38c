"""One run of a command, measured as a whole: CPU time with all its children, wall time, peak memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

_INTERVAL = 0.2
_TAIL = 400


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """CPU (user and system, all processes) and wall in seconds, peak in MB; why it does not count, if so."""

    cpu: float
    wall: float
    peak: float
    failure: str | None = None


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A program to measure; `accepted` are the exit codes of a complete run, `folder` is where it runs."""

    arguments: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str] = {}
    accepted: frozenset[int] = frozenset({0, 1})


def measure(command: Command, output: Path, verify: Callable[[Path], str | None] | None = None) -> Run:
    """Run it, standard output into a file; `verify` says of that file why the run does not count."""
    errors = output.with_suffix(".stderr")
    with output.open("wb") as out, errors.open("wb") as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        with _watched(process.pid) as seen:
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    failure = None if verify is None else verify(output)
    if process.returncode not in command.accepted:
        failure = f"exit code {process.returncode}: {errors.read_text(errors='replace')[-_TAIL:].strip()}"
    peak = max(usage.ru_maxrss * 1024 / 1_000_000, *seen)
    return Run(cpu=usage.ru_utime + usage.ru_stime, wall=wall, peak=peak, failure=failure)


@contextlib.contextmanager
def _watched(root: int) -> Iterator[list[float]]:
    """Collect the memory of the process and its descendants, in MB (10^6 bytes), while they live (Linux)."""
    seen = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_INTERVAL):
            seen.append(sum(_proportional(process) for process in _family(root)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def _family(root: int) -> Iterator[int]:
    pending = [root]
    while pending:
        process = pending.pop()
        yield process
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                pending.extend(int(child) for child in children.read_text().split())


def _proportional(process: int) -> float:
    """The process's memory, with what it shares divided among those that share it."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return (
        sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) * 1024 / 1_000_000
    )
