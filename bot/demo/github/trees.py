"""Trees and commits made from parts, as the git database API makes them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.demo.github import git


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """A file to be put into a tree: its mode and its blob."""

    mode: str
    sha: str


def write_blob(folder: Path, content: bytes) -> str:
    return git.run(folder, "hash-object", "-w", "--stdin", stdin=content).decode().strip()


def listed(folder: Path, tree: str, *, recursive: bool) -> list[tuple[str, str, str, str]]:
    """The (mode, type, sha, path) of each entry; with `recursive` of the folders within too."""
    options = ("-r", "-t") if recursive else ()
    output = git.run(folder, "ls-tree", "-z", *options, tree).decode()
    entries = [entry.split("\t", 1) for entry in output.split("\0") if entry]
    return [(*_facts(facts), path) for facts, path in entries]


def graft(folder: Path, tree: str | None, leaves: Mapping[str, Leaf]) -> str:
    """The tree with these files put into it, by path; answers its sha."""
    held = {
        path: (mode, kind, sha)
        for mode, kind, sha, path in (listed(folder, tree, recursive=False) if tree else [])
    }
    below: dict[str, dict[str, Leaf]] = {}
    for path, leaf in leaves.items():
        name, _, rest = path.partition("/")
        if rest:
            below.setdefault(name, {})[rest] = leaf
        else:
            held[name] = (leaf.mode, "blob", leaf.sha)
    for name, inner in below.items():
        _, kind, sha = held.get(name, ("", "", ""))
        held[name] = ("040000", "tree", graft(folder, sha if kind == "tree" else None, inner))
    lines = "".join(f"{mode} {kind} {sha}\t{name}\0" for name, (mode, kind, sha) in held.items())
    return git.run(folder, "mktree", "-z", stdin=lines.encode()).decode().strip()


def write_commit(
    folder: Path, *, tree: str, parents: Sequence[str], message: str, author: str, when: datetime
) -> str:
    """A commit that no branch has yet; `author` is `Name <mail>`. `GitError` where there is no such tree."""
    git.run(folder, "cat-file", "tree", tree)
    stamp = f"{author} {int(when.timestamp())} +0000"
    lines = [f"tree {tree}", *(f"parent {each}" for each in parents), f"author {stamp}", f"committer {stamp}"]
    text = "\n".join([*lines, "", message])
    return (
        git.run(folder, "hash-object", "-w", "-t", "commit", "--stdin", stdin=text.encode()).decode().strip()
    )


def _facts(facts: str) -> tuple[str, str, str]:
    mode, kind, sha = facts.split()
    return mode, kind, sha
