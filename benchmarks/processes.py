"""The processes of a service beneath this one: where they run and what memory they take (Linux)."""

from __future__ import annotations

import os
from pathlib import Path


def of_role(role: str) -> list[int]:
    """The service's processes of a role, among all descendants of this process."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_text().split("\0")[:-1]
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if command[-2:] == ["bot.service_process", role] and parent == os.getpid():
            found.append(int(entry.name))
    return found


def busy_seconds(process: int) -> float:
    """The CPU time that the process has used so far."""
    user, system = (Path(f"/proc/{process}/stat")).read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def megabytes(process: int) -> float:
    """What the process has in memory (resident), in MB of a million bytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return round(kilobytes * 1024 / 1e6, 1)
