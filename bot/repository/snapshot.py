"""What one review reads: the base tree, the head tree, and the difference between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.repository.blobs import Files, fetch_missing, listing, read
from bot.repository.git import Remote
from bot.repository.mirror import Mirror, opened

# Pathspecs travel as arguments: Linux takes 128 KiB for one and 2 MiB for all.
_LONGEST_PATHS = 500_000
_NOWHERE = Remote("file:///dev/null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """The commits of a pull request: the target's and its own."""

    number: int
    base: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Both trees with the files that the engine reads, and their unified diff with renames.

    `changed` are the head's paths that differ, `renames` maps a head path to its base path.
    """

    merge_base: str
    head_sha: str
    base: Files
    head: Files
    diff: str
    changed: frozenset[str]
    renames: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Repositories:
    """All mirrors of one host, below one folder that may be deleted at any time."""

    folder: Path

    def take(
        self,
        repository: int,
        remote: Remote,
        revisions: Revisions,
        *,
        interesting: Callable[[str], bool],
        merge_base: Callable[[], str | None],
    ) -> Snapshot:
        """Fetch and read both sides. `merge_base` asks the host; where it knows none, history is deepened.

        Raises `GitFailed`, and `CommitMissing` where the head was pushed over and is gone.
        """
        with opened(self.folder, repository, remote) as mirror:
            number = revisions.number
            mirror.fetch_commit(revisions.head, f"{number}/head", fallback=f"refs/pull/{number}/head")
            start = merge_base() or _computed(mirror, revisions) or revisions.base
            mirror.fetch_commit(start, f"{number}/base")
            return _snapshot(mirror, start, revisions.head, interesting)

    def forget(self, repository: int, number: int) -> None:
        """Let go of a closed pull request's commits."""
        if not (self.folder / f"{repository}.git").exists():
            return
        with opened(self.folder, repository, _NOWHERE) as mirror:
            for side in ("head", "base", "target"):
                mirror.git.run("update-ref", "-d", f"refs/architect/{number}/{side}")


def _computed(mirror: Mirror, revisions: Revisions) -> str | None:
    mirror.fetch_commit(revisions.base, f"{revisions.number}/target")
    return mirror.merge_base(revisions.base, revisions.head)


def _snapshot(mirror: Mirror, base: str, head: str, interesting: Callable[[str], bool]) -> Snapshot:
    before, after = listing(mirror, base, interesting), listing(mirror, head, interesting)
    fetch_missing(mirror, {*before.blobs.values(), *after.blobs.values()})
    one, other = before.blobs, after.blobs
    touched = sorted(path for path in {*one, *other} if one.get(path) != other.get(path))
    old, new = read(mirror, before), read(mirror, after)
    readable = [path for path in touched if path in old.contents or path in new.contents]
    return Snapshot(
        merge_base=base,
        head_sha=head,
        base=old,
        head=new,
        diff=_diff(mirror, base, head, readable),
        changed=frozenset(path for path in touched if path in other),
        renames=_renames(mirror, base, head, readable),
    )


def _diff(mirror: Mirror, base: str, head: str, paths: list[str]) -> str:
    output = ("-U3", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "--full-index")
    return "".join(_compared(mirror, base, head, paths, output))


def _renames(mirror: Mirror, base: str, head: str, paths: list[str]) -> dict[str, str]:
    listed = "".join(_compared(mirror, base, head, paths, ("--name-status", "-z", "--diff-filter=R")))
    fields = listed.split("\0")
    return {new: old for _, old, new in zip(fields[0::3], fields[1::3], fields[2::3], strict=False)}


def _compared(
    mirror: Mirror, base: str, head: str, paths: list[str], output: tuple[str, ...]
) -> Iterator[str]:
    for chunk in _chunks(paths):
        printed = mirror.git.run(
            *("--literal-pathspecs", "diff", "--no-ext-diff", "--no-textconv", "-M"),
            *output,
            *(base, head, "--", *chunk),
        )
        yield printed.decode(errors="replace")


def _chunks(paths: list[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    length = 0
    for path in paths:
        if chunk and length + len(path) > _LONGEST_PATHS:
            yield chunk
            chunk, length = [], 0
        chunk.append(path)
        length += len(path.encode()) + 8
    if chunk:
        yield chunk
