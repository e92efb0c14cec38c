"""git as the local GitHub uses it: bare repositories, commits from files, and what the API tells of them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

SERVER_SETTINGS = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.hideRefs": "refs/keep",
    "gc.auto": "0",
    "core.quotePath": "false",
}


class GitError(Exception):
    """git ended with an error; the text is what it said."""


def environment() -> dict[str, str]:
    """The environment of every git process: no one's own configuration, no prompts, English answers."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }


def run(
    folder: Path, *arguments: str, stdin: bytes = b"", extra: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """The standard output of `git arguments` in the bare repository `folder`."""
    completed = subprocess.run(
        ["git", f"--git-dir={folder}", *arguments],
        input=stdin,
        capture_output=True,
        env={**environment(), **extra},
        check=False,
    )
    if completed.returncode:
        raise GitError(completed.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return completed.stdout


def create(folder: Path, default_branch: str) -> None:
    """A bare repository that serves partial clones and any commit by its sha, as GitHub does."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    run(folder, "init", "--quiet", "--bare", f"--initial-branch={default_branch}", str(folder))
    for name, value in SERVER_SETTINGS.items():
        run(folder, "config", name, value)


def commit(  # noqa: PLR0913 - each is a fact of the commit
    folder: Path,
    *,
    branch: str,
    files: Mapping[str, bytes | None],
    message: str,
    author: str,
    when: datetime,
    parent: str | None,
) -> str:
    """Commit `files` on top of `parent` as the new tip of `branch`; None as content removes the file.

    `author` is `Name <mail>`. Answers the sha.
    """
    stamp = f"{author} {int(when.timestamp())} +0000"
    text = message.encode()
    stream = [
        f"commit refs/heads/{branch}\nauthor {stamp}\ncommitter {stamp}\ndata {len(text)}\n".encode(),
        text,
        b"\n",
    ]
    stream.append(f"from {parent}\n".encode() if parent else b"")
    for path, content in files.items():
        if content is None:
            stream.append(f"D {path}\n".encode())
        else:
            stream.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    if parent is None:
        stream.insert(0, f"reset refs/heads/{branch}\n".encode())
    run(folder, "fast-import", "--quiet", "--force", stdin=b"".join(stream))
    return resolve(folder, f"refs/heads/{branch}")


def resolve(folder: Path, revision: str) -> str:
    """The full sha of a commit; `GitError` when there is none."""
    return (
        run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        .decode()
        .strip()
    )


def has_commit(folder: Path, revision: str) -> bool:
    try:
        resolve(folder, revision)
    except GitError:
        return False
    return True


def is_ancestor(folder: Path, older: str, newer: str) -> bool:
    return merge_base(folder, older, newer) == resolve(folder, older)


def merge_base(folder: Path, one: str, other: str) -> str:
    return run(folder, "merge-base", one, other).decode().strip()


def merge(folder: Path, onto: str, sha: str, message: str, author: str, when: datetime) -> str:
    """A merge commit of `sha` into `onto`. Raises `GitError` where they conflict."""
    tree_sha = run(folder, "merge-tree", "--write-tree", onto, sha).decode().strip()
    name, _, mail = author.rstrip(">").partition(" <")
    stamp = f"{int(when.timestamp())} +0000"
    people = {
        f"GIT_{role}_{fact}": value
        for role in ("AUTHOR", "COMMITTER")
        for fact, value in (("NAME", name), ("EMAIL", mail), ("DATE", stamp))
    }
    arguments = ("commit-tree", tree_sha, "-p", onto, "-p", sha, "-m", message)
    return run(folder, *arguments, extra=people).decode().strip()


def set_ref(folder: Path, ref: str, sha: str) -> None:
    run(folder, "update-ref", ref, sha)


def branches(folder: Path) -> dict[str, str]:
    lines = (
        run(folder, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
        .decode()
        .splitlines()
    )
    return dict(line.split(" ", 1) for line in lines)


def bring(folder: Path, source: Path, sha: str) -> None:
    """Fetch the commit `sha` from another repository on this disk."""
    run(folder, "fetch", "--quiet", "--no-tags", str(source), sha)


def blob(folder: Path, revision: str, path: str) -> bytes:
    return run(folder, "cat-file", "blob", f"{revision}:{path}")


def tree(folder: Path, revision: str, path: str = "") -> list[tuple[str, str, str]]:
    """The (type, sha, name) of each entry of a folder."""
    listing = run(folder, "ls-tree", "-z", f"{revision}:{path}" if path else revision).decode()
    entries = [entry.split("\t", 1) for entry in listing.split("\0") if entry]
    return [(*_type_and_sha(facts), name) for facts, name in entries]


def _type_and_sha(facts: str) -> tuple[str, str]:
    _, kind, sha = facts.split()
    return kind, sha
