"""`serve`: the whole service as one process tree, or the parts of it that are asked for."""

from __future__ import annotations

import os
import signal
import threading

from bot import logs, service
from bot.console.failure import CommandFailure
from bot.service import EVERYTHING, Role, ServiceError
from bot.supervisor import supervise


def run(roles: frozenset[Role] = EVERYTHING, *, workers: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises `CommandFailure` if the environment is not enough."""
    try:
        _serve(roles, workers)
    except ServiceError as error:
        raise CommandFailure(str(error)) from None


def _serve(roles: frozenset[Role], workers: int | None) -> None:
    chosen = service.load(roles, workers=workers)
    logs.configure(chosen.log_level)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with service.environment_of(chosen, roles, dict(os.environ)) as (served, programs):
        if served.url is not None:
            print(f"Listening for deliveries on {served.url}/webhook", flush=True)
        supervise(programs, stopping, stop_seconds=chosen.stop_seconds)
