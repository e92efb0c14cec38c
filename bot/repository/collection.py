"""Letting mirrors go: of repositories out of reach, unused for long, or more than there is room for.

A mirror is only deleted under its own lock, so never under a worker that reads it; whoever needs it next
makes it anew.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.repository.mirror import locked

_DOOMED = ".doomed"
_NAME = re.compile(r"\d+(-\d+)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What mirrors may take: bytes in all, and seconds since one was used."""

    most_bytes: int
    longest_unused: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    name: str
    used: float
    size: int


def collect(folder: Path, room: Room, departed: Collection[int]) -> tuple[int, ...]:
    """Delete what has to go, the least recently used first; gives the repositories whose mirrors went."""
    for doomed in folder.glob(f"*{_DOOMED}"):
        shutil.rmtree(doomed, ignore_errors=True)
    held = sorted(_held(folder), key=lambda mirror: mirror.used)
    surplus = sum(mirror.size for mirror in held) - room.most_bytes
    now = time.time()
    gone: list[int] = []
    for mirror in held:
        is_old = now - mirror.used > room.longest_unused
        repository = int(mirror.name.partition("-")[0])
        goes = is_old or surplus > 0 or repository in departed
        if goes and _delete(folder, mirror.name):
            gone.append(repository)
            surplus -= mirror.size
    return tuple(gone)


def _held(folder: Path) -> list[_Held]:
    found = []
    for lock in folder.glob("*.lock"):
        if _NAME.match(lock.stem):
            with contextlib.suppress(OSError):
                directory = lock.with_suffix(".git")
                found.append(_Held(name=lock.stem, used=lock.stat().st_mtime, size=_size(directory)))
    return found


def _size(directory: Path) -> int:
    total = 0
    for parent, _, names in os.walk(directory):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(parent, name).lstat().st_size
    return total


def _delete(folder: Path, name: str) -> bool:
    with contextlib.suppress(BlockingIOError), locked(folder / f"{name}.lock", seconds=0):
        doomed = folder / f"{name}.{uuid.uuid4().hex}{_DOOMED}"
        # Renamed first: half a mirror would look like a whole one.
        with contextlib.suppress(FileNotFoundError):
            (folder / f"{name}.git").rename(doomed)
        (folder / f"{name}.lock").unlink(missing_ok=True)
        shutil.rmtree(doomed, ignore_errors=True)
        return True
    return False
