"""A project folder as the tree that the engine reviews: what git would commit, or all files without git."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.console.failure import CommandFailure

MAXIMUM_BYTES = 1024 * 1024
"""Bytes read of one file: more than the engine analyses, so that it names the file as too large."""

_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".tox", ".nox", ".venv", "__pycache__", "node_modules"})


def read_tree(root: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the wanted files below `root` by path (`/`, relative to it); links are skipped.

    Raises `CommandFailure` if `root` is not a folder.
    """
    if not root.is_dir():
        raise CommandFailure(f"{root} is not a folder; name the project's folder")
    paths = _git_paths(root)
    if paths is None:
        paths = sorted(_all_paths(root))
    found = ((name, _content(root / name)) for name in paths if wanted(name))
    return {_spelled(name): content for name, content in found if content is not None}


def prefix_of(root: Path) -> str:
    """Return the way from the repository's root to `root`, ending in `/`; empty there and without git."""
    answer = _git(root, "rev-parse", "--show-prefix")
    return "" if answer is None else _spelled(os.fsdecode(answer.rstrip(b"\n")))


def unstaged(root: Path) -> frozenset[str]:
    """Return the paths that git could not restore as they are: changed since they were staged, or new."""
    listed = _names(_git(root, "ls-files", "-z", "-mo", "--exclude-standard"))
    return frozenset(map(_spelled, listed or ()))


def _git_paths(root: Path) -> list[str] | None:
    """Return tracked and untracked paths that are not ignored, None outside a git repository."""
    return _names(_git(root, "ls-files", "-z", "-co", "--exclude-standard"))


def _names(answer: bytes | None) -> list[str] | None:
    return None if answer is None else sorted({os.fsdecode(name) for name in answer.split(b"\0") if name})


def _git(root: Path, *arguments: str) -> bytes | None:
    """Return what git answers, None outside a git repository and without git."""
    command = ["git", "-c", "core.fsmonitor=false", *arguments]
    try:
        answer = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return None if answer.returncode else answer.stdout


def _all_paths(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in _SKIPPED_FOLDERS and not os.path.lexists(Path(folder, name, "pyvenv.cfg"))
        ]
        yield from (Path(folder, name).relative_to(root).as_posix() for name in files)


def _content(path: Path) -> bytes | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES)
    except OSError:
        return None


def _spelled(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
