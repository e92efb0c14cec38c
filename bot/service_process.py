"""One process of `serve`: the receiver, a worker or the sweeper, as the first argument says."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

from redis import Redis

from bot import logs, settings
from bot.ledger.names import Scope
from bot.parent_death import die_with_parent
from bot.settings import Settings


def main(role: str) -> None:
    """Run until told to stop."""
    if parent := os.environ.pop("ARCHITECT_PARENT", ""):
        die_with_parent(int(parent), signal.SIGTERM)
    loaded = settings.load()
    logs.configure(loaded.log_level)
    {"receiver": _receive, "worker": _work, "sweeper": _sweep}[role](loaded)


def _receive(settings: Settings) -> None:
    import uvicorn

    from bot.web.receiver import receiver

    config = uvicorn.Config(
        receiver(settings),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=10,
    )
    listening = socket.socket(fileno=int(os.environ["ARCHITECT_SOCKET"]))
    uvicorn.Server(config).run(sockets=[listening])


def _work(settings: Settings) -> None:
    from bot import jobs, rq_worker

    jobs.warm()
    rq_worker.work(Redis.from_url(settings.redis_url), settings.queue)


def _sweep(settings: Settings) -> None:
    from bot.queue import open_queue
    from bot.sweeper import Sweeper

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    Sweeper(
        redis=Redis.from_url(settings.redis_url, decode_responses=True),
        queue=open_queue(Redis.from_url(settings.redis_url), settings.queue),
        scope=Scope(settings.github_host, settings.github_app_id),
        sweep_seconds=settings.sweep_seconds,
        requeue_seconds=settings.requeue_seconds,
        maintenance_seconds=settings.maintenance_seconds,
        job_seconds=settings.job_seconds,
    ).run(stopping)


if __name__ == "__main__":
    main(sys.argv[1])
