"""Whole reviews, kept in the fact cache: the same files under the same options need no second review.

A base that several pushes share, a delivery that comes twice and a head that was reviewed before are
answered at once. A review in which anything crashed or was given up is never kept.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec

from rules.cache import Cache
from rules.configuration.options import Options
from rules.source import content_hash
from rules.tree import Tree, interesting
from rules.verdict import Review

_LIBRARIES = ("libcst", "msgspec", "pathspec", "sqlglot")


@functools.cache
def code_version() -> str:
    """A digest of the host's Python, the libraries that read for us and everything in this package."""
    here = Path(__file__).parent
    parts = [sys.version, *map(_library_version, _LIBRARIES), *_contents(here)]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def key_of(version: str, tree: Tree, options: Options) -> str:
    """What the review of a tree is kept under."""
    digest = hashlib.blake2b(version.encode(), digest_size=16)
    digest.update(msgspec.json.encode(options, order="deterministic"))
    for path in sorted(tree):
        if interesting(path):
            digest.update(f"\0{path}\0{content_hash(tree[path])}".encode("utf-8", "surrogateescape"))
    return f"review-{digest.hexdigest()}"


def kept(cache: Cache, key: str) -> Review | None:
    """The review under that key, if the cache has it whole."""
    data = cache.load([key]).get(key)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Review)
    except msgspec.MsgspecError:
        return None


def keep(cache: Cache, key: str, review: Review) -> None:
    """Keep a review, unless something crashed in it: that may come out otherwise the next time."""
    if review.coverage.rules_crashed:
        return
    cache.store({key: msgspec.msgpack.encode(review)})


def _library_version(name: str) -> str:
    """A library and its version, by the folder that its installation left beside it."""
    spec = find_spec(name)
    beside = Path(spec.origin).parents[1] if spec and spec.origin else Path()
    found = sorted(path.name for path in beside.glob(f"{name}-*.dist-info"))
    if len(found) == 1:
        return found[0]
    from importlib import metadata  # costs a tenth of a start

    return f"{name}-{metadata.version(name)}"


def _contents(package: Path) -> list[str]:
    """Each file of a package and the digest of what is in it."""
    folders = ((folder, names) for folder, _, names in os.walk(package) if not folder.endswith("__pycache__"))
    files = sorted(f"{folder}/{name}" for folder, names in folders for name in names)
    return [f"{path.removeprefix(str(package))},{_digest(path)}" for path in files]


def _digest(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - hundreds at every start
        return hashlib.blake2b(file.read(), digest_size=16).hexdigest()
