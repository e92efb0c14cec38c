"""uvicorn on loopback in a thread of its own, with connections that can be cut."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import uvicorn
from starlette.types import ASGIApp

START_PATIENCE = 10.0


class NotStarted(Exception):
    """The server did not begin to answer in time."""


class Server:
    """Serves one application; the socket is bound at once, so that the address is known before the start."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, application: ASGIApp) -> None:
        """Serve in the background; `NotStarted` if that takes more than ten seconds."""
        config = uvicorn.Config(
            application, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        self._server = server
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self._socket]}, name="local-github", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + START_PATIENCE
        while not server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise NotStarted(self.url)
            time.sleep(0.005)

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=5)
        self._socket.close()

    def cut(self, client: tuple[str, int]) -> None:
        """Drop the connection of this client without an answer."""
        if self._server is None:
            return
        for connection in tuple(self._server.server_state.connections):
            protocol: Any = connection
            if tuple(protocol.client or ()) == client:
                protocol.transport.abort()
