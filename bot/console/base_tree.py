"""The tree at the merge base of the checked-out commit and a revision, read from git without a checkout."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.console.failure import CommandFailure
from bot.console.working_tree import MAXIMUM_BYTES

_REGULAR = frozenset({b"100644", b"100755"})


def read_base(root: Path, revision: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the wanted files below `root` at the merge base of HEAD and `revision`.

    Raises `CommandFailure` outside a repository, for an unknown revision, and without a common commit.
    """
    if not root.is_dir():
        raise CommandFailure(f"{root} is not a folder; name the project's folder")
    prefix = _git(root, f"{root} is not in a git repository; --base needs one", "rev-parse", "--show-prefix")
    unknown = f"`{revision}` is no commit of this repository; fetch it or name another"
    named = _git(root, unknown, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    apart = f"HEAD and `{revision}` have no common commit here; fetch more history (git fetch --unshallow)"
    base = _git(root, apart, "merge-base", "HEAD", named.decode().strip()).decode().strip()
    blobs = dict(_blobs(root, base, prefix.rstrip(b"\n"), wanted))
    return dict(zip(blobs, _contents(root, list(blobs.values())), strict=True))


def _git(root: Path, remedy: str, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-c", "core.fsmonitor=false", *arguments]
    try:
        answer = subprocess.run(command, cwd=root, capture_output=True, check=False, input=given)
    except FileNotFoundError as error:
        raise CommandFailure("git is not installed; --base needs it") from error
    if answer.returncode:
        raise CommandFailure(remedy)
    return answer.stdout


def _blobs(
    root: Path, commit: str, prefix: bytes, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield the path, relative to `root`, and the object name of each regular file that is wanted."""
    inside = ["--", os.fsdecode(prefix)] if prefix else []
    listed = _git(root, f"git cannot list {commit}", "ls-tree", "-r", "-z", "--full-tree", commit, *inside)
    for entry in filter(None, listed.split(b"\0")):
        facts, _, name = entry.partition(b"\t")
        mode, _, blob = facts.split()
        path = name.removeprefix(prefix).decode("utf-8", "backslashreplace")
        if mode in _REGULAR and wanted(path):
            yield path, blob.decode()


def _contents(root: Path, blobs: list[str]) -> Iterator[bytes]:
    given = "".join(f"{blob}\n" for blob in blobs).encode()
    answer = _git(root, "git cannot read its objects; run git fsck", "cat-file", "--batch", given=given)
    position = 0
    for blob in blobs:
        end_of_line = answer.index(b"\n", position)
        described = answer[position:end_of_line].split()
        if len(described) != 3:
            raise CommandFailure(f"git has no object {blob}; fetch it (git fetch --refetch)")
        position = end_of_line + 1
        size = int(described[2])
        yield answer[position : position + min(size, MAXIMUM_BYTES)]
        position += size + 1
