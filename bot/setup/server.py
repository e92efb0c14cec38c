"""The process of the set-up page: serves on the service's own socket until there are credentials."""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn

from bot.settings import Settings
from bot.setup.application import application


def run(settings: Settings, listening: socket.socket) -> None:
    """Serve until credentials are handed over, or until SIGTERM."""
    asyncio.run(_serve(settings, listening))


async def _serve(settings: Settings, listening: socket.socket) -> None:
    finished = asyncio.Event()
    address = _address(settings, listening)

    def announce(token: str) -> None:
        sys.stdout.write(f"Set up the GitHub App (this link works once): {address}/setup?token={token}\n")
        sys.stdout.flush()

    config = uvicorn.Config(
        application(settings, announce, finished),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    ended = asyncio.create_task(finished.wait())
    await asyncio.wait({serving, ended}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    ended.cancel()
    await serving


def _address(settings: Settings, listening: socket.socket) -> str:
    if settings.public_url:
        return settings.public_url
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
