"""File contents of commits: listed from trees, fetched in one batch, read through `git cat-file`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.repository.mirror import Mirror

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_TREE = 128 * 1024 * 1024
MOST_FILES = 20_000
_REGULAR = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Files:
    """The regular files of a commit that were asked for: path → bytes."""

    contents: Mapping[str, bytes]
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The wanted regular files of a commit: path → blob id."""

    blobs: Mapping[str, str]
    unread: tuple[Unread, ...] = ()


def listing(mirror: Mirror, commit: str, wanted: Callable[[str], bool]) -> Listing:
    """What a commit holds of the wanted files. Links and submodules are left out."""
    entries = mirror.git.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
    found: dict[str, str] = {}
    unread: list[Unread] = []
    for entry in filter(None, entries):
        mode, _, blob_and_path = entry.split(b" ", 2)
        blob, _, raw = blob_and_path.partition(b"\t")
        path = raw.decode(errors="replace")
        if mode not in _REGULAR or not wanted(path):
            continue
        if path.encode() == raw:
            found[path] = blob.decode()
        else:
            unread.append(Unread(path, "its name is not UTF-8"))
    return Listing(found, tuple(unread))


def fetch_missing(mirror: Mirror, blobs: Iterable[str]) -> None:
    """Have these blobs, by one request for all that are not here yet."""
    # With --batch-all-objects nothing is asked for by name, so nothing is fetched one by one.
    held = mirror.git.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered")
    missing = set(blobs) - set(held.decode().split())
    if missing:
        given = "".join(f"{blob}\n" for blob in sorted(missing)).encode()
        mirror.git.run(
            *("-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags"),
            *("--no-write-fetch-head", "--no-auto-maintenance", "--filter=blob:none", "--stdin", "origin"),
            given=given,
        )


def read(mirror: Mirror, listed: Listing) -> Files:
    """The contents of fetched blobs, within the limits on files and on the whole."""
    sizes = _sizes(mirror, set(listed.blobs.values()))
    taken: dict[str, str] = {}
    unread = list(listed.unread)
    room = LARGEST_TREE
    for path, blob in sorted(listed.blobs.items()):
        size = sizes.get(blob, 0)
        if size > LARGEST_FILE:
            unread.append(Unread(path, f"larger than {LARGEST_FILE // 1024} KiB"))
        elif size > room or len(taken) >= MOST_FILES:
            unread.append(Unread(path, "the repository is larger than what one review reads"))
        else:
            taken[path] = blob
            room -= size
    contents = _contents(mirror, set(taken.values()))
    return Files({path: contents[blob] for path, blob in taken.items()}, tuple(unread))


def _sizes(mirror: Mirror, blobs: set[str]) -> dict[str, int]:
    given = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    lines = mirror.git.run("cat-file", "--batch-check=%(objectname) %(objectsize)", given=given).splitlines()
    return {blob.decode(): int(size) for blob, size in (line.split(b" ") for line in lines)}


def _contents(mirror: Mirror, blobs: set[str]) -> dict[str, bytes]:
    given = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    stream = io.BytesIO(mirror.git.run("cat-file", "--batch=%(objectname) %(objectsize)", given=given))
    found: dict[str, bytes] = {}
    while header := stream.readline():
        blob, size = header.split()
        found[blob.decode()] = stream.read(int(size))
        stream.read(1)
    return found
