"""More hosts for a running service: workers with data folders of their own on its Redis."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.service import processes
from tests.service.running import PATIENCE, Service, until


@contextlib.contextmanager
def joined(service: Service, folder: Path) -> Iterator[Path]:
    """A host with one worker; gives its data folder."""
    data = folder / "data"
    redis = service.folder / "data" / "redis" / "redis.sock"
    environment = {
        **service._environment(),
        "REDIS_URL": f"unix://{redis}",
        "DATA_FOLDER": str(data),
        "WORKERS": "1",
    }
    program = [sys.executable, "-P", "-c", "from bot.__main__ import main; main()", "worker"]
    with service.log.open("ab") as log:
        process = subprocess.Popen(program, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: processes.children(process.pid), "the host's worker is there")
        yield data
    finally:
        everything = processes.descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        processes.kill(*[each for each in everything if processes.alive(each)])


def mirrors(data: Path) -> int:
    """How many repositories a host has fetched."""
    return len(list(data.glob("mirrors/*/*.git")))
