"""`serve`: the whole service as one process tree, or the parts of it that are asked for."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading

from bot import logs, service
from bot.console.failure import CommandFailure
from bot.service import EVERYTHING, Role, ServiceError
from bot.setup.waiting import SetupFailed, wait_for_setup
from bot.supervisor import supervise


def run(roles: frozenset[Role] = EVERYTHING, *, workers: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; without an App, show the set-up page first.

    Raises `CommandFailure` if the environment is not enough.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with contextlib.ExitStack() as stack:
            listening = None
            if roles == EVERYTHING and service.load(frozenset()).unregistered:
                listening = stack.enter_context(service.listen(service.load(frozenset())))
                wait_for_setup(listening, os.environ, stopping)
                if stopping.is_set() or _nothing_kept():
                    return
            _serve(roles, workers, stopping, listening)
    except (ServiceError, SetupFailed) as error:
        raise CommandFailure(str(error)) from None


def _serve(
    roles: frozenset[Role],
    workers: int | None,
    stopping: threading.Event,
    listening: socket.socket | None,
) -> None:
    chosen = service.load(roles, workers=workers)
    logs.configure(chosen.log_level, secrets=chosen.secret_texts)
    with service.environment_of(chosen, roles, dict(os.environ), listening) as (served, programs):
        if served.url is not None:
            print(f"Listening for deliveries on {served.url}/webhook", flush=True)
        supervise(programs, stopping, stop_seconds=chosen.stop_seconds)


def _nothing_kept() -> bool:
    """Whether the credentials were shown for a secret store: then they come back with the next start."""
    if not service.load(frozenset()).unregistered:
        return False
    print("The credentials were shown and not kept: put them in the environment and start again.", flush=True)
    return True
