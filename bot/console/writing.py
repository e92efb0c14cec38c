"""Files written whole or not at all: beside the old ones first, then put in their places."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.console.failure import CommandFailure


def write_files(root: Path, known: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    """Write `files` below `root`; `known` is what stood there when they were thought out.

    Raises `CommandFailure`, with nothing written, if a file differs from that, or cannot be written.
    """
    for path in files:
        _check(root, path, known.get(path))
    with contextlib.ExitStack() as undo:
        try:
            ready = [(_beside(root / path, data, undo), root / path) for path, data in files.items()]
            for temporary, target in ready:
                temporary.replace(target)
        except OSError as error:
            raise CommandFailure(f"{error.filename or root} cannot be written: {error.strerror}") from error


def _check(root: Path, path: str, known: bytes | None) -> None:
    target = root / path
    if not target.parent.resolve().is_relative_to(root.resolve()) or target.is_symlink():
        raise CommandFailure(f"{path} leads out of {root}; nothing was written")
    try:
        there = target.read_bytes()
    except FileNotFoundError:
        there = None
    except OSError as error:
        raise CommandFailure(f"{path} cannot be read: {error.strerror}; nothing was written") from error
    if there != known:
        raise CommandFailure(f"{path} changed while it was reviewed; nothing was written, run it again")


def _beside(target: Path, data: bytes, undo: contextlib.ExitStack) -> Path:
    """Write a temporary file in the target's folder, with the target's mode."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    undo.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
