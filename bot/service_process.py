"""One process of `serve`: receiver, worker, sweeper or set-up page, as the first argument says."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

import structlog
from redis import Redis

from bot import logs, settings
from bot.ledger.names import Scope
from bot.parent_death import die_with_parent
from bot.settings import Settings, missing_for_worker

log = structlog.get_logger(__name__)

REDIS_SECONDS = 5
"""How long Redis may take to answer."""
HEALING_ENDS_WITHIN = 15.0


def main(role: str) -> None:
    """Run until told to stop."""
    if parent := os.environ.pop("ARCHITECT_PARENT", ""):
        die_with_parent(int(parent), signal.SIGTERM)
    loaded = settings.load()
    logs.configure(loaded.log_level, secrets=loaded.secret_texts)
    {"receiver": _receive, "worker": _work, "sweeper": _sweep, "setup": _set_up}[role](loaded)


def _set_up(settings: Settings) -> None:
    from bot.setup import server

    server.run(settings, socket.socket(fileno=int(os.environ["ARCHITECT_SOCKET"])))


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
    from bot.healing import wiring

    jobs.warm()
    housekeeping = wiring.collector(settings)
    rq_worker.work(Redis.from_url(settings.redis_url), settings.queue, housekeeping=housekeeping)


def _sweep(settings: Settings) -> None:
    from bot.queue import open_queue
    from bot.sweeper import Sweeper

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    healing = _heal(settings, stopping)
    _welcome(settings, stopping)
    Sweeper(
        redis=Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            # The client's own timeout would end the wait for work before its time.
            socket_timeout=settings.sweep_seconds + REDIS_SECONDS,
        ),
        queue=open_queue(Redis.from_url(settings.redis_url), settings.queue),
        scope=Scope(settings.github_host, settings.github_app_id),
        sweep_seconds=settings.sweep_seconds,
        requeue_seconds=settings.requeue_seconds,
        maintenance_seconds=settings.maintenance_seconds,
        job_seconds=settings.job_seconds,
        together=settings.jobs_per_installation,
    ).run(stopping)
    if healing is not None:
        healing.join(HEALING_ENDS_WITHIN)


def _heal(settings: Settings, stopping: threading.Event) -> threading.Thread | None:
    """Heal beside the sweeping, which must not wait for GitHub."""
    from bot.healing import wiring

    if missing_for_worker(settings):
        log.warning("nothing is healed: the sweeper has no private key")
        return None
    healer = wiring.healer(settings)
    thread = threading.Thread(target=healer.run, args=(stopping,), name="healing", daemon=True)
    thread.start()
    return thread


def _welcome(settings: Settings, stopping: threading.Event) -> None:
    """Show new installations their first check run, beside the sweeping."""
    from bot.setup import welcome

    if settings.welcome and not missing_for_worker(settings):
        looking = welcome.welcome(settings)
        threading.Thread(target=looking.run, args=(stopping,), name="welcome", daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1])
