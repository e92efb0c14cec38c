"""The fact cache: what was read of a file, by its content, the engine's version and the host's Python.

One SQLite file in WAL mode: several processes may read and write it, a half-written entry cannot be
seen, and 700 entries cost one query. A cache that is broken, locked or absent only costs time.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Protocol

MAXIMUM_BYTES = 256 * 1024 * 1024
"""Beyond this the entries that were not used for longest go."""

_CHUNK = 500
_DAY = 86_400
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, used INTEGER, checksum INTEGER, data BLOB);
CREATE INDEX IF NOT EXISTS entry_by_use ON entry (used);
"""


class Cache(Protocol):
    """Keeps bytes by content hash. Forgets whenever it likes, and never raises."""

    def load(self, keys: Collection[str]) -> dict[str, bytes]:
        """The entries of those keys that it has."""
        ...

    def store(self, entries: Mapping[str, bytes]) -> None:
        """Keep the entries."""
        ...


class NoCache:
    """Keeps nothing."""

    def load(self, keys: Collection[str]) -> dict[str, bytes]:  # noqa: ARG002 - the shape of a Cache
        return {}

    def store(self, entries: Mapping[str, bytes]) -> None:
        """Forget the entries."""


def default_folder() -> Path:
    """`$XDG_CACHE_HOME/backend-architect`, or that of `~/.cache`."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(home) / "backend-architect"


@functools.cache
def engine_version() -> str:
    """A digest of the host's Python and of all code between a file's bytes and its IR."""
    digest = hashlib.blake2b(repr(sys.version_info[:2]).encode(), digest_size=8)
    here = Path(__file__).parent
    for path in sorted([*here.glob("ir/*.py"), *here.glob("parsing/*.py"), here / "source.py"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class FactCache:
    """The cache of one folder, shared by every process of a host."""

    def __init__(self, folder: Path, *, maximum_bytes: int = MAXIMUM_BYTES) -> None:
        self._path = folder / "facts.sqlite"
        self._maximum = maximum_bytes

    def load(self, keys: Collection[str]) -> dict[str, bytes]:
        """The intact entries of those keys."""
        found: dict[str, bytes] = {}
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as connection:
            wanted = [self._key(key) for key in keys]
            stale: list[str] = []
            today = int(time.time()) // _DAY
            for start in range(0, len(wanted), _CHUNK):
                for key, used, checksum, data in _select(connection, wanted[start : start + _CHUNK]):
                    if isinstance(data, bytes) and zlib.crc32(data) == checksum:
                        found[key.partition(":")[2]] = data
                        if used != today:
                            stale.append(key)
            connection.executemany("UPDATE entry SET used = ? WHERE key = ?", [(today, key) for key in stale])
        return found

    def store(self, entries: Mapping[str, bytes]) -> None:
        """Keep the entries; then drop the least recently used beyond the size."""
        if not entries:
            return
        today = int(time.time()) // _DAY
        rows = [(self._key(key), today, zlib.crc32(data), data) for key, data in entries.items()]
        try:
            with self._open() as connection:
                connection.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)
                self._trim(connection)
        except sqlite3.OperationalError:
            return  # locked, read-only or full: another run will store it
        except sqlite3.DatabaseError:
            self._discard()
        except OSError:
            return

    def expire(self, days: int) -> None:
        """Drop what was not used for so many days."""
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as connection:
            connection.execute("DELETE FROM entry WHERE used < ?", (int(time.time()) // _DAY - days,))

    def _trim(self, connection: sqlite3.Connection) -> None:
        size = connection.execute("SELECT coalesce(sum(length(data)), 0) FROM entry").fetchone()[0]
        rows = connection.execute("SELECT key, length(data) FROM entry ORDER BY used, key")
        surplus: list[tuple[str]] = []
        while size > self._maximum:
            key, length = rows.fetchone()
            surplus.append((key,))
            size -= length
        connection.executemany("DELETE FROM entry WHERE key = ?", surplus)

    def _key(self, key: str) -> str:
        return f"{engine_version()}:{key}"

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._path, timeout=2)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_SCHEMA)
            with connection:
                yield connection
        finally:
            connection.close()

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink()


def _select(connection: sqlite3.Connection, keys: list[str]) -> Iterator[tuple[str, int, int, object]]:
    marks = ",".join("?" * len(keys))
    query = f"SELECT key, used, checksum, data FROM entry WHERE key IN ({marks})"  # noqa: S608 - marks alone
    yield from connection.execute(query, keys)
