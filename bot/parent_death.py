"""Processes that end with the one that started them, so that a killed parent leaves no orphan behind.

Linux alone can do that (prctl's PR_SET_PDEATHSIG, see `man 2 prctl`); elsewhere these do nothing, and the
fencing token is what keeps an orphan from writing.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

_LAUNCHER = (
    "import ctypes, os, sys\n"
    f"ctypes.CDLL(None).prctl({PR_SET_PDEATHSIG}, {int(signal.SIGTERM)}, 0, 0, 0)\n"
    "if os.getppid() != int(sys.argv[1]): sys.exit(1)\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)


def die_with_parent(parent: int, death: signal.Signals) -> None:
    """Have the kernel send this process `death` when its parent ends; exit if `parent` is already gone."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def bound(command: list[str]) -> list[str]:
    """The command line that runs `command` (an absolute program) so that it stops when this process ends."""
    if not sys.platform.startswith("linux"):
        return command
    return [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *command]
