"""The processes of a running service, as Linux shows them."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def children(parent: int) -> list[int]:
    """The processes that `parent` started and that have not ended."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, its_parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(its_parent) == parent and state != "Z":
                found.append(int(entry.name))
    return sorted(found)


def command(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")[:-1]
    except OSError:
        return []


def descendants(parent: int) -> list[int]:
    found = []
    for child in children(parent):
        found += [child, *descendants(child)]
    return found


def alive(process: int) -> bool:
    """Whether the process runs: a zombie does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def kill(*processes: int) -> None:
    """SIGKILL, to those that are still there."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def terminate(process: int) -> None:
    os.kill(process, signal.SIGTERM)
