"""Runs work on untrusted files in a forked process that can be killed: limited in time, memory and stack."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import resource
import selectors
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from rules.clocks import clocks_of
from rules.journal import Entry, Journal, Overdue
from rules.recursion import on_large_stack

MEMORY = 2 * 1024**3
"""Bytes of address space beyond what the process has when it forks."""

_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Finished:
    """What the work returned."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Died:
    """The process was killed or ended by a signal; `during` is what it was doing."""

    reason: str
    during: Entry


def available() -> bool:
    """Whether this host can fork."""
    return hasattr(os, "fork")


def contained(work: Callable[[], bytes], journal: Journal) -> Finished | Died:
    """Run `work` in a child and watch `journal`. An exception in `work` is raised here as RuntimeError."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _become(work, writing, parent)
    os.close(writing)
    try:
        data, late = _collect(reading, child, journal)
        if late is not None:
            os.kill(child, signal.SIGKILL)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        os.close(reading)
    _, status = os.waitpid(child, 0)
    return _outcome(data, status, late, journal)


def _collect(reading: int, child: int, journal: Journal) -> tuple[bytes, Overdue | None]:
    chunks: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while True:
            if selector.select(_POLL):
                chunk = os.read(reading, 1 << 20)
                if not chunk:
                    return b"".join(chunks), None
                chunks.append(chunk)
            elif late := journal.overdue(clocks_of(child)):
                return b"", late


def _outcome(data: bytes, status: int, late: Overdue | None, journal: Journal) -> Finished | Died:
    if late is not None:
        return Died(late.reason, late.entry)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return Died(f"ended the process with {name}", journal.current())
    if os.WEXITSTATUS(status) != 0:
        raise RuntimeError(data.decode("utf-8", "replace") or "the review ended without an answer")
    return Finished(data)


def _become(work: Callable[[], bytes], writing: int, parent: int) -> NoReturn:
    """Do the work on a big stack, write what it gives or why it failed, and end the process."""
    code = 70
    try:
        _restrict()
        _die_with(parent)
        code, data = _attempt(lambda: on_large_stack(work))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(data)
    finally:
        os._exit(code)


def _attempt(work: Callable[[], bytes]) -> tuple[int, bytes]:
    try:
        return 0, work()
    except BaseException as error:  # noqa: BLE001 - told to the parent, which raises it
        return 1, f"{type(error).__name__}: {error}".encode()


def _restrict() -> None:
    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        limit = _address_space() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no pathlib before the limits
        return int(statm.read().split()[0]) * resource.getpagesize()


def _die_with(parent: int) -> None:
    """Linux: a killed worker must not leave a review running."""
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(70)
