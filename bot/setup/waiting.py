"""The service's own process while the set-up page is open: starts it, waits for it, stops it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping

LOOK_SECONDS = 0.1
STOP_SECONDS = 10.0


class SetupFailed(Exception):
    """The set-up page ended by itself; its reason stands in the log above."""


def wait_for_setup(
    listening: socket.socket, environment: Mapping[str, str], stopping: threading.Event
) -> None:
    """Show the set-up page on `listening` until it is done or `stopping` is set. Raises `SetupFailed`."""
    process = subprocess.Popen(
        (sys.executable, "-P", "-m", "bot.service_process", "setup"),
        env={
            **environment,
            "ARCHITECT_PARENT": str(os.getpid()),
            "ARCHITECT_SOCKET": str(listening.fileno()),
        },
        pass_fds=(listening.fileno(),),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and not stopping.wait(LOOK_SECONDS):
        pass
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    elif process.returncode != 0:
        raise SetupFailed(f"The set-up page ended with status {process.returncode}: see the log above.")
