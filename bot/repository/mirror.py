"""A bare blobless mirror of one repository: locked, fetched by sha, with kept refs, safe to delete."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bot.repository.git import Git, GitFailed, Remote, initialise

_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?\Z")
_DEEPER = ("--deepen=200", "--deepen=2000", "--unshallow")
_DAMAGED = (
    "corrupt",
    "bad object",
    ".lock'",
    "shallow",
    "missing",
    "not a git repository",
    "did not send all",
)


MIRRORS = 4
BUSY_SECONDS = 15.0
"""How long to wait for a repository's first mirror before another one is made."""
LOOK_SECONDS = 0.02


class CommitMissing(Exception):
    """The repository no longer has the commit: it was pushed over and collected."""


class Mirror:
    """Commits and trees of a repository. Use it inside `opened`, which holds the repository's lock."""

    def __init__(self, git: Git) -> None:
        self.git = git

    def fetch_commit(self, sha: str, ref: str, *, fallback: str | None = None) -> None:
        """Have the commit and its trees, kept by `refs/architect/<ref>`.

        Where the host refuses the sha, the ref `fallback` is asked for. Raises `CommitMissing` where neither
        gives this very commit.
        """
        if not _SHA.match(sha):
            raise ValueError(f"not a commit id: {sha!r}")
        keep = f"refs/architect/{ref}"
        if not self.has(sha):
            self._fetch(sha, keep, fallback)
        self.git.run("update-ref", keep, sha)

    def has(self, sha: str) -> bool:
        """Whether the commit is here and kept."""
        # Only kept refs are looked at: asking a partial clone for a missing object would fetch it.
        held = self.git.run("for-each-ref", "--format=%(objectname)", "refs/architect")
        return sha in held.decode().split()

    def merge_base(self, base: str, head: str) -> str | None:
        """The best common ancestor of two fetched commits, deepening the history as far as it takes."""
        found = self._merge_base(base, head)
        for deeper in _DEEPER:
            if found is not None:
                break
            with suppress(GitFailed):
                self.git.run(
                    "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", deeper, "origin", base, head
                )
            found = self._merge_base(base, head)
        return found

    def _merge_base(self, base: str, head: str) -> str | None:
        try:
            return self.git.run("merge-base", base, head).decode().strip() or None
        except GitFailed:
            return None

    def _fetch(self, sha: str, keep: str, fallback: str | None) -> None:
        try:
            self._fetch_ref(sha, keep)
        except GitFailed as refused:
            if fallback is None or refused.limited or _damaged(refused):
                raise
            self._fetch_ref(fallback, keep)
        if self.git.run("rev-parse", keep).decode().strip() != sha:
            raise CommitMissing(sha)

    def _fetch_ref(self, source: str, keep: str) -> None:
        self.git.run(
            *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
            *("--depth=1", "--filter=blob:none", "origin", f"+{source}:{keep}"),
        )


@contextmanager
def locked(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock of a mirror; the file's time says when the mirror was used last.

    Raises `BlockingIOError` where somebody else still holds it after `seconds`.
    """
    end = time.monotonic() + seconds
    with ExitStack() as stack:
        while True:
            lock = stack.enter_context(path.open("a"))
            _lock(lock.fileno(), end)
            if _is_same(lock.fileno(), path):
                break
        yield


def _lock(descriptor: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise
            time.sleep(LOOK_SECONDS)
        else:
            return


def _is_same(descriptor: int, path: Path) -> bool:
    """Whether the file still has this name: who deleted the mirror deleted its lock file too."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def opened(folder: Path, repository: int, remote: Remote) -> Iterator[Mirror]:
    """The mirror of a repository id below `folder`, under its lock; made where it does not exist yet.

    Where somebody keeps it for long, another mirror of the repository is used: a process that hangs, or is
    paused, must not hold up those that took over from it. Raises `GitFailed` where all are in use.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        name = _taken(stack, folder, repository)
        directory = folder / f"{name}.git"
        os.utime(folder / f"{name}.lock")
        if directory.exists():
            _clear_stale_locks(directory)
        if not (directory / "config").exists():
            initialise(directory, remote)
        try:
            yield Mirror(Git(directory, remote))
        except GitFailed as failure:
            if _damaged(failure):
                # The job is run again and then starts from an empty mirror.
                shutil.rmtree(directory, ignore_errors=True)
            raise


def _taken(stack: ExitStack, folder: Path, repository: int) -> str:
    for number in range(MIRRORS):
        name = f"{repository}-{number}" if number else str(repository)
        with suppress(BlockingIOError):
            stack.enter_context(locked(folder / f"{name}.lock", seconds=0 if number else BUSY_SECONDS))
            return name
    raise GitFailed(f"all mirrors of repository {repository} are in use")


def _clear_stale_locks(directory: Path) -> None:
    # Whoever made them is dead: this process holds the mirror's own lock.
    for stale in (*directory.rglob("*.lock"), *directory.glob("objects/pack/tmp_*")):
        stale.unlink(missing_ok=True)


def _damaged(failure: GitFailed) -> bool:
    return failure.local or any(word in str(failure) for word in _DAMAGED)
