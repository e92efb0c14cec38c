"""The commits of a repository as plain data."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from bot.demo.github import git

FIELDS = ("%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author or committer; `date` is ISO 8601 with offset."""

    name: str
    email: str
    date: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


def commits(folder: Path, revisions: str, limit: int = 250) -> list[Commit]:
    """The commits of a range, oldest first, at most `limit` (250 is GitHub's bound in a comparison)."""
    layout = "%x1f".join(FIELDS) + "%x1e"
    command = ("log", "--reverse", f"--max-count={limit}", f"--format={layout}", revisions, "--")
    records = git.run(folder, *command).decode(errors="replace").split("\x1e")
    return [_commit(record.lstrip("\n").split("\x1f")) for record in records if record.strip()]


def commit(folder: Path, revision: str) -> Commit:
    return commits(folder, git.resolve(folder, revision), limit=1)[0]


def _commit(values: list[str]) -> Commit:
    sha, tree, parents, *people, message = values
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=Person(name=people[0], email=people[1], date=people[2]),
        committer=Person(name=people[3], email=people[4], date=people[5]),
        message=message.strip("\n"),
    )
