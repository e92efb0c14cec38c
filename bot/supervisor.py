"""Keeps processes running: starts them, starts them again when they die, stops them in an orderly way."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.1
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 10.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run. `descriptors` are open files that the process inherits."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...] = ()


@dataclasses.dataclass(slots=True)
class Child:
    """One program's running process."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    pause: float = FIRST_PAUSE
    due: float | None = None

    def revive(self) -> None:
        """Start the process again if it died, after a pause that grows while it keeps dying young."""
        now = time.monotonic()
        if self.due is None:
            if self.process.poll() is None:
                return
            steady = now - self.started >= STEADY_SECONDS
            self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            log.warning("process died", name=self.program.name, status=self.process.returncode)
        elif now >= self.due:
            self.process, self.started, self.due = _spawn(self.program), now, None


def supervise(programs: tuple[Program, ...], stopping: threading.Event, *, stop_seconds: float) -> None:
    """Run the programs until `stopping` is set, then stop them: SIGTERM, and SIGKILL `stop_seconds` later.

    Must be called in a thread that lives on while the processes should: on Linux they end with it.
    """
    now = time.monotonic()
    children = [Child(program, _spawn(program), now) for program in programs]
    try:
        while not stopping.wait(LOOK_SECONDS):
            for child in children:
                child.revive()
    finally:
        _stop(children, stop_seconds)


def _spawn(program: Program) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program.command,
        env={**program.environment, "ARCHITECT_PARENT": str(os.getpid())},
        pass_fds=program.descriptors,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop(children: list[Child], stop_seconds: float) -> None:
    for child in children:
        child.process.terminate()
    end = time.monotonic() + stop_seconds
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, end - time.monotonic()))
            continue
        log.warning("process killed", name=child.program.name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
