"""A bare blobless mirror of one repository: locked, fetched by sha, with kept refs, safe to delete."""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
            if fallback is None or _damaged(refused):
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
def opened(folder: Path, repository: int, remote: Remote) -> Iterator[Mirror]:
    """The mirror of a repository id below `folder`, under its lock; made where it does not exist yet."""
    folder.mkdir(parents=True, exist_ok=True)
    directory = folder / f"{repository}.git"
    with (folder / f"{repository}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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


def _clear_stale_locks(directory: Path) -> None:
    # Whoever made them is dead: this process holds the mirror's own lock.
    for stale in (*directory.rglob("*.lock"), *directory.glob("objects/pack/tmp_*")):
        stale.unlink(missing_ok=True)


def _damaged(failure: GitFailed) -> bool:
    return failure.local or any(word in str(failure) for word in _DAMAGED)
