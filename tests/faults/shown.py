"""Everything that a service shows or leaves: on GitHub, in its log, in Redis, on disk, in its processes."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis

from tests.service import processes
from tests.service.running import Service

LOOK_SECONDS = 0.01


@contextmanager
def watched(service: Service) -> Iterator[set[tuple[str, ...]]]:
    """The command lines of all processes of the service, while the block lasts."""
    seen: set[tuple[str, ...]] = set()
    stopping = threading.Event()

    def look() -> None:
        while not stopping.wait(LOOK_SECONDS):
            if service.process is not None:
                found = [service.process.pid, *processes.descendants(service.process.pid)]
                seen.update(tuple(processes.command(each)) for each in found)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stopping.set()
        thread.join()


def on_github(service: Service) -> str:
    """Every text that the App put there."""
    state = service.github.state
    with state.lock:
        texts = [each.body for each in state.review_comments()]
        texts += [each.body for each in state.reviews.values()]
        texts += [each.body for each in state.issue_comments.values() if each.author is service.app.bot]
        for run in state.runs.values():
            texts += [str(run.title), str(run.summary), str(run.annotations), str(run.external_id)]
    return "\n".join(texts)


def in_redis(service: Service) -> str:
    """Every key with its value; what was compressed is unpacked."""
    with Redis(unix_socket_path=str(service.folder / "data" / "redis" / "redis.sock")) as redis:
        return "\n".join(_text(part) for key in redis.scan_iter() for part in (key, *_values(redis, key)))


def on_disk(service: Service) -> Iterator[tuple[str, bytes]]:
    """Every file of the data folder but Redis's own."""
    for path in (service.folder / "data").rglob("*"):
        with suppress(OSError):
            if path.is_file() and "redis" not in path.parts:
                yield str(path), path.read_bytes()


def _values(redis: Any, key: bytes) -> list[bytes]:
    match redis.type(key):
        case b"string":
            return [redis.get(key) or b""]
        case b"hash":
            return [part for pair in redis.hgetall(key).items() for part in pair]
        case b"list":
            return list(redis.lrange(key, 0, -1))
        case b"set":
            return list(redis.smembers(key))
        case b"zset":
            return list(redis.zrange(key, 0, -1))
        case b"stream":
            return [repr(redis.xrange(key)).encode()]
    return []


def _text(value: bytes) -> str:
    for unpack in (zlib.decompress, lambda packed: zlib.decompress(packed, 31)):
        with suppress(zlib.error):
            value = unpack(value)
            break
    return value.decode("utf-8", errors="replace")
